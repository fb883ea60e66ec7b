/* Wagtail's dialogs come as HTML with small scripts. They run only with the nonce of the page that they are shown in, so the server is told
   which one that is (knowledge_hub/core/admin_scripts.py). */
(function () {
  const nonce = document.currentScript.nonce;
  if (!nonce || !window.jQuery) return;
  window.jQuery(document).on("ajaxSend", (event, request, settings) => {
    if (!settings.crossDomain) request.setRequestHeader("X-Script-Nonce", nonce);
  });
})();
