/**
 * One save at a time in the editor.
 *
 * Wagtail autosaves while an editor writes. If a button is pressed during the first autosave, the new page would be posted twice to the
 * address that creates pages, and one of the two would be refused because the slug is taken. So a press waits until the autosave has
 * finished and given the form the address of the created page. After the form is submitted, no autosave starts.
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
    // The pressed button is disabled meanwhile, and a disabled button would not submit its action.
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
