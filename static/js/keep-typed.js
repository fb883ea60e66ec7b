// Who leaves a step of the booking form by a link, by the browser's own button or by closing the page finds again what was typed:
// the form sends it, marked “keep”. Without JavaScript the form's own buttons do the same. A file must be chosen again.
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
  // What is sent by a button needs no second message, which might arrive after it.
  form.addEventListener("submit", () => {
    changed = false;
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("a[href]")) keep();
  });
  window.addEventListener("pagehide", keep);
}
