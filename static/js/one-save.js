/**
 * One save at a time in the editor.
 *
 * Wagtail saves by itself while somebody writes. When a button is pressed in the very moment of the first such save, the new page is
 * sent twice to the address that makes pages: one of the two is then refused, because its slug is taken by the other. So a press waits
 * for the save that is under way, which tells the form the address of the page it made; and once the form has left, no other save begins.
 */
(() => {
  let underWay = false;
  let hasLeft = false;
  let pressed = null;

  const isEditor = (form) => form instanceof HTMLFormElement && form.matches("[data-edit-form]");

  const sendWhatWaits = () => {
    underWay = false;
    if (!pressed) return;
    const { form, button } = pressed;
    pressed = null;
    // The pressed button is disabled meanwhile, and a disabled button would not say which action it stands for.
    const wasDisabled = button?.disabled;
    if (wasDisabled) button.disabled = false;
    form.requestSubmit(button);
    if (wasDisabled) button.disabled = true;
  };

  document.addEventListener("w-autosave:save", (event) => {
    if (hasLeft) event.preventDefault();
    else underWay = true;
  });
  document.addEventListener("w-autosave:success", sendWhatWaits);
  document.addEventListener("w-autosave:error", sendWhatWaits);

  window.addEventListener(
    "submit",
    (event) => {
      if (!underWay || !isEditor(event.target)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      pressed = { form: event.target, button: event.submitter };
    },
    { capture: true },
  );
  window.addEventListener("submit", (event) => {
    if (isEditor(event.target) && !event.defaultPrevented) hasLeft = true;
  });
  window.addEventListener("pageshow", () => {
    hasLeft = false;
  });
})();
