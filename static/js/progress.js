// Shows the progress while certificates are made; when all are finished, the page is reloaded to show the next actions.
async function look() {
  const shown = document.querySelector("[data-progress]");
  if (!shown) return;
  const answer = await fetch(shown.dataset.progress, { credentials: "same-origin" });
  if (!answer.ok) return;
  const box = document.createElement("div");
  box.innerHTML = await answer.text();
  const next = box.firstElementChild;
  shown.replaceWith(next);
  if (next.dataset.progress) setTimeout(look, 1500);
  else location.reload();
}

setTimeout(look, 1500);
