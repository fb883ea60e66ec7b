// Computes the SHA-256 of the chosen file and sends only that. Without this script the form sends the file.
const form = document.querySelector("[data-check-file]");
const box = form.querySelector("[data-send-box]");

if (window.crypto && crypto.subtle) {
  form.querySelector("[data-send]").hidden = false;
  form.querySelector("[data-stays]").hidden = false;
  form.addEventListener("submit", async (event) => {
    const file = form.elements.file.files[0];
    if (!file || box.checked || form.elements.sha256.value) return;
    event.preventDefault();
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
    form.elements.sha256.value = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
    form.elements.file.disabled = true;
    form.submit();
  });
  // The back button shows the page in the state in which the form was sent.
  window.addEventListener("pageshow", () => {
    form.elements.file.disabled = false;
    form.elements.sha256.value = "";
  });
}
