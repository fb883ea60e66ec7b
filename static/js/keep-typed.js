// Saves typed values when a guest leaves a step of the booking form by a link, the back button or closing the page: sends the form,
// marked “keep”. Without JavaScript the form's own buttons do the same. Files must be chosen again.
const form = document.querySelector("form[data-keep-typed]");
let changed = false;

function keep() {
  if (!changed) return;
  changed = false;
  const data = new FormData(form);
  for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
  data.set("keep", "1");
  navigator.sendBeacon(location.href, data);
}

if (form) {
  form.addEventListener("input", () => {
    changed = true;
  });
  // A form sent by a button is not sent a second time, because that request might arrive later.
  form.addEventListener("submit", () => {
    changed = false;
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("a[href]")) keep();
  });
  window.addEventListener("pagehide", keep);
}
