/* Translates the name of a button for screen readers that is written in English in Wagtail's templates. */
(() => {
  const { word } = document.currentScript.dataset;
  for (const button of document.querySelectorAll(".submit.w-sr-only > input[type=submit]")) button.value = word;
})();
