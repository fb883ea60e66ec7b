/* Shows the calendar of visits beside its table. A drop asks for confirmation, then posts; a refused visit returns to its place. */
(() => {
  "use strict";

  const place = document.getElementById("planner");
  const source = document.getElementById("planner-settings");
  // On a phone only the table is shown.
  if (!place || !source || !window.FullCalendar || window.matchMedia("(max-width: 50rem)").matches) return;

  const settings = JSON.parse(source.textContent);
  const dialog = document.getElementById("planner-dialog");
  const hint = document.getElementById("planner-hint");

  const whenOf = (event) => event.start.toLocaleString(settings.language, { dateStyle: "full", timeStyle: "short", timeZone: "UTC" });

  function show(name, text, states) {
    dialog.querySelector("[data-fill=name]").textContent = name;
    dialog.querySelector("[data-fill=text]").textContent = text;
    for (const part of dialog.querySelectorAll("[data-when]")) part.hidden = !states.includes(part.dataset.when);
    dialog.returnValue = "";
    dialog.showModal();
    return new Promise((resolve) => {
      dialog.addEventListener("close", () => resolve(dialog.returnValue === "go"), { once: true });
    });
  }

  async function drop(info) {
    const { name, revision, drop: address, moves } = info.event.extendedProps;
    const agreed = await show(name, whenOf(info.event), [moves ? "moves" : "proposes", "asks"]);
    if (!agreed) {
      info.revert();
      return;
    }
    const body = new FormData();
    body.set("csrfmiddlewaretoken", dialog.querySelector("[name=csrfmiddlewaretoken]").value);
    body.set("revision", revision);
    body.set("starts_at", info.event.startStr);
    body.set("message", dialog.querySelector("textarea").value);
    let answer;
    try {
      const response = await fetch(address, { method: "POST", body, headers: { Accept: "application/json" } });
      answer = await response.json();
    } catch {
      answer = { error: dialog.querySelector("[data-text=lost]").textContent };
    }
    if (answer.done) {
      window.location.reload();
      return;
    }
    info.revert();
    const link = dialog.querySelector("a[data-when=form]");
    link.href = answer.form || "";
    await show(name, answer.error, answer.form ? ["refused", "form"] : ["refused"]);
  }

  place.hidden = false;
  if (hint) hint.hidden = false;
  const calendar = new window.FullCalendar.Calendar(place, {
    initialView: settings.view,
    initialDate: settings.date,
    now: settings.now,
    nowIndicator: true,
    timeZone: "Asia/Jakarta",
    locale: settings.language,
    firstDay: 1,
    headerToolbar: false,
    height: "auto",
    allDaySlot: false,
    slotMinTime: settings.from,
    slotMaxTime: settings.until,
    slotLabelFormat: { hour: "2-digit", minute: "2-digit", hour12: false },
    eventTimeFormat: { hour: "2-digit", minute: "2-digit", hour12: false },
    dayMaxEvents: 4,
    eventDisplay: "block",
    slotEventOverlap: false,
    showNonCurrentDates: false,
    eventSources: [settings.events, { events: settings.closed }],
    editable: false,
    eventDurationEditable: false,
    eventDrop: drop,
    eventDidMount: ({ el, event }) => {
      if (event.title) el.title = event.title;
    },
  });
  calendar.render();
})();
