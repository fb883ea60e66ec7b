// Refreshes the preview shortly after the last change; without JavaScript a button does.
const button = document.querySelector("[data-preview-button]");
let waiting;

function show() {
  // Does not click the button, because the admin would treat that as leaving the page.
  const form = button.form;
  const before = { action: form.action, target: form.target };
  form.action = button.formAction;
  form.target = button.formTarget;
  HTMLFormElement.prototype.submit.call(form);
  form.action = before.action;
  form.target = before.target;
}

button.addEventListener("click", (event) => {
  event.preventDefault();
  show();
});
for (const kind of ["input", "change"]) {
  button.form.addEventListener(kind, () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, 500);
  });
}
show();
