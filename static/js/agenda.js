/* Moves an item of the agenda: drawn by its handle, or with the arrow keys on it. The times follow at once; the server is asked when the
   item is let go. Without this script the buttons beside each item do the same, one place at a time. */
(() => {
  "use strict";

  const list = document.querySelector("[data-agenda]");
  const form = document.getElementById("move");
  if (!list || !form) return;

  const PAUSE = 900;
  const rows = () => [...list.children];
  const clock = (minutes) =>
    `${String(Math.floor(minutes / 60) % 24).padStart(2, "0")}.${String(minutes % 60).padStart(2, "0")}`;

  function showTimes() {
    if (!list.dataset.begin) return;
    let start = Number(list.dataset.begin);
    let end = start;
    for (const row of rows()) {
      if (!row.classList.contains("agenda__row--parallel")) start = end;
      const last = start + Number(row.dataset.minutes);
      end = Math.max(end, last);
      row.querySelector("[data-time]").textContent = `${clock(start)}–${clock(last)}`;
    }
  }

  let before = -1;
  let timer = 0;
  let drawn = null;

  function begin(row) {
    if (before < 0) before = rows().indexOf(row);
    row.classList.add("agenda__row--moving");
  }

  function put(row, place) {
    const others = rows().filter((one) => one !== row);
    list.insertBefore(row, others[place] ?? null);
    showTimes();
  }

  function finish(row) {
    clearTimeout(timer);
    row.classList.remove("agenda__row--moving");
    const place = rows().indexOf(row);
    if (before < 0 || place === before) {
      before = -1;
      return;
    }
    before = -1;
    const to = document.createElement("input");
    to.type = "hidden";
    to.name = "to";
    to.value = `${row.id.slice("item-".length)}:${place}`;
    form.append(to);
    form.submit();
  }

  for (const handle of list.querySelectorAll("[data-handle]")) {
    const row = handle.closest("li");
    handle.hidden = false;
    handle.setAttribute("aria-label", `${list.dataset.move}: ${row.querySelector("h3").textContent.trim()}`);
    handle.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      event.preventDefault();
      handle.focus();
      drawn = row;
      begin(row);
    });
    handle.addEventListener("keydown", (event) => {
      const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (!step) return;
      event.preventDefault();
      begin(row);
      put(row, Math.min(Math.max(rows().indexOf(row) + step, 0), rows().length - 1));
      handle.focus();
      clearTimeout(timer);
      timer = setTimeout(() => finish(row), PAUSE);
    });
  }

  // On the document, since a row that changes its place in it loses a captured pointer.
  document.addEventListener("pointermove", (event) => {
    if (!drawn) return;
    const others = rows().filter((one) => one !== drawn);
    const above = others.filter((one) => {
      const box = one.getBoundingClientRect();
      return box.top + box.height / 2 < event.clientY;
    });
    if (above.length !== rows().indexOf(drawn)) put(drawn, above.length);
  });
  for (const end of ["pointerup", "pointercancel"]) {
    document.addEventListener(end, () => {
      if (drawn) finish(drawn);
      drawn = null;
    });
  }

  // After a move the address names the item: its handle is where the next press of a key goes. The browser, which scrolls to the item
  // at the end of loading, would take the focus away again.
  const moved = location.hash.startsWith("#item-") && document.getElementById(location.hash.slice(1));
  const focus = () => moved?.querySelector("[data-handle]")?.focus({ preventScroll: true });
  if (moved) window.addEventListener("load", () => setTimeout(focus, 50));
})();
