/* Wagtail writes the name of one button, which only screen readers meet, in English into its templates. */
(() => {
  const { word } = document.currentScript.dataset;
  for (const button of document.querySelectorAll(".submit.w-sr-only > input[type=submit]")) button.value = word;
})();
