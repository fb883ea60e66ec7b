// Asks the browser for a security key or passkey, and sends its answer with the form. Without a script, codes of the app work.
const button = document.querySelector("[data-security-key]");

async function ask(options) {
  const given = JSON.parse(options).publicKey;
  if (button.dataset.securityKey === "add") {
    return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(given) });
  }
  return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(given) });
}

if (button && window.PublicKeyCredential?.parseRequestOptionsFromJSON) {
  const form = button.form;
  const trouble = form.querySelector("[data-security-key-trouble]");
  form.querySelector("[data-security-key-part]").hidden = false;
  button.addEventListener("click", async () => {
    trouble.hidden = true;
    try {
      const credential = await ask(button.dataset.options);
      form.elements.credential.value = JSON.stringify(credential.toJSON());
      form.requestSubmit(form.querySelector("[data-security-key-submit]"));
    } catch {
      // The person cancelled, or there is no key at hand.
      trouble.hidden = false;
    }
  });
}
