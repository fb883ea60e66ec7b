/* Additional checks for Wagtail's content checker in the user bar and the editor; see knowledge_hub/staff/content_checks.py. */
(() => {
  const userbar = document.querySelector("wagtail-userbar");
  if (!userbar) return;

  const words = (node) => node.textContent.replace(/\s+/g, " ").trim();

  /* True means that the check is passed. */
  userbar.registerCheck("check-telling-link", (node, options) => !new RegExp(options.pattern, "iu").test(words(node)));
  userbar.registerCheck("check-no-personal-number", (node, options) => !new RegExp(options.pattern, "u").test(words(node)));
  userbar.registerCheck("check-short-paragraph", (node, options) => words(node).split(" ").length <= options.most);
})();
