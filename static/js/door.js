/* Check-in with a phone at the door, with and without network. What is recorded goes into a queue on the phone first (door-store.js) and
   from there to the server; the key of an entry is made here, so sending it again does no harm. */
(async () => {
  "use strict";

  const EVERY = 5000;
  const PATIENCE = 15000;
  const WRONG_CLOCK = 5 * 60 * 1000;
  const SECOND_TAP = 700;
  const BADGE = /\/p\/([A-Z2-7]{24})(?:[/?#].*)?$/i;
  const CODE = /^[CDEFHJKMNPRTUWXY379]{6}$/;

  const settings = JSON.parse(document.getElementById("door-settings").textContent);
  const part = (id) => document.getElementById(id);
  const words = Object.fromEntries([...document.querySelectorAll("[data-word]")].map((one) => [one.dataset.word, one.textContent]));
  const say = (word, values = {}) => words[word].replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  const timeOf = (moment) =>
    new Date(moment).toLocaleTimeString("id-ID", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Jakarta" });
  const isPresent = (person) => ["checked_in", "walk_in"].includes(person.kind);
  const asCode = (text) => text.replace(/[\s-]/g, "").toUpperCase();
  const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
  const folded = (text) => text.trim().toLowerCase().replace(/\s+/g, " ");

  let store;
  let kept = null;
  let entries = [];
  let token = "";
  let link = "sending";
  let shown = "all";
  let closed = "";
  let isBusy = false;
  let isAgain = false;
  const rows = new Map();
  const doing = new Set();

  /* What went wrong with a request: "network", "server", "signed-out", "token" or "forbidden". */
  class Trouble extends Error {
    constructor(kind, sentence = "") {
      super(sentence || kind);
      Object.assign(this, { kind, sentence });
    }
  }

  const waiting = () => entries.filter((entry) => !entry.refusal);

  /* The list as the server told it, with what waits on this phone. */
  function people() {
    const list = new Map((kept?.people || []).map((person) => [person.id, { ...person }]));
    for (const entry of waiting()) {
      const at = entry.device_at + entry.offset;
      if (entry.kind === "walk_in") {
        const { name, position, unit, nonce, place } = entry;
        list.set(nonce, { id: nonce, name, position, unit, needs: "", code: "", kind: "walk_in", walk_in: true, at, waits: true, place });
        continue;
      }
      const person = list.get(entry.delegate);
      // An absence does not end a presence, as on the server.
      if (!person || (entry.kind === "absent" && isPresent(person))) continue;
      if (!(isPresent(person) && entry.kind === "checked_in")) person.at = at;
      Object.assign(person, { kind: entry.kind, waits: true });
    }
    return [...list.values()];
  }

  /* Screen */

  function tell(text, tone, undo = null) {
    const box = part("message");
    box.hidden = false;
    box.className = `door__message door__message--${tone}`;
    box.querySelector("p").textContent = text;
    const button = box.querySelector("button");
    button.hidden = !undo;
    button.onclick = undo;
    if (navigator.vibrate) navigator.vibrate(tone === "good" ? 80 : [60, 60, 60]);
  }

  function notice(id, text) {
    part(id).hidden = !text;
    if (text) part(id).querySelector("p").textContent = text;
  }

  function rowOf(person) {
    let row = rows.get(person.id);
    if (!row) {
      row = part("person").content.firstElementChild.cloneNode(true);
      row.dataset.person = person.id;
      rows.set(person.id, row);
    }
    return row;
  }

  function fill(row, person) {
    const write = (name, text) => {
      const place = row.querySelector(`[data-part=${name}]`);
      place.textContent = text;
      place.hidden = !text;
    };
    const state = [];
    if (isPresent(person)) state.push(say("since", { time: timeOf(person.at) }));
    if (person.kind === "absent") state.push(say("away"));
    if (person.walk_in && isPresent(person)) state.push(say("unannounced"));
    if (person.waits) state.push(say("not-sent"));
    write("name", person.name);
    write("what", [person.position, person.unit].filter(Boolean).join(" · "));
    write("needs", person.needs ? `${say("needs")}: ${person.needs}` : "");
    write("state", state.join(" · "));
    row.classList.toggle("door__person--present", isPresent(person));
    if (row.kind !== undefined && row.kind !== person.kind) row.changed = performance.now();
    row.kind = person.kind;
    const known = isPresent(person) || person.kind === "absent";
    for (const button of row.querySelectorAll("[data-kind]")) {
      const { kind } = button.dataset;
      button.hidden = kind === "annulled" ? !known : kind === "checked_in" ? isPresent(person) : known;
      button.setAttribute("aria-label", `${button.textContent}: ${person.name}`);
    }
  }

  function fits(person, text) {
    const wanted = folded(text);
    const code = asCode(text);
    return !wanted || folded(`${person.name} ${person.position} ${person.unit}`).includes(wanted) || (person.code && person.code === code);
  }

  function drawPeople(list) {
    const text = part("text").value;
    const visible = list.filter(
      (person) => fits(person, text) && (shown === "all" || isPresent(person) === (shown === "present")),
    );
    const ids = new Set(list.map((person) => person.id));
    for (const [id, row] of rows) {
      if (!ids.has(id)) {
        row.remove();
        rows.delete(id);
      }
    }
    const place = part("people");
    let before = place.firstElementChild;
    const placed = new Set();
    for (const person of visible) {
      const row = rowOf(person);
      fill(row, person);
      placed.add(row);
      if (row === before) before = before.nextElementSibling;
      else place.insertBefore(row, before);
    }
    for (const row of [...place.children]) if (!placed.has(row)) row.remove();
    part("nobody").hidden = visible.length > 0;
  }

  function drawRefused() {
    const refused = entries.filter((entry) => entry.refusal);
    part("refused").hidden = refused.length === 0;
    part("refused")
      .querySelector("ul")
      .replaceChildren(
        ...refused.map((entry) => {
          const line = part("refusal").content.firstElementChild.cloneNode(true);
          line.querySelector("p").textContent = [entry.who, entry.refusal].filter(Boolean).join(": ");
          line.querySelector("button").onclick = async () => {
            entries = entries.filter((one) => one.place !== entry.place);
            await store.remove(entry.place);
            draw();
          };
          return line;
        }),
      );
  }

  function drawLink() {
    const count = waiting().length;
    const place = part("link");
    place.className = `door__link door__link--${link}`;
    if (link === "network") place.textContent = count ? say("waiting", { count }) : say("offline");
    else if (link === "server") place.textContent = say("server", { count });
    else if (link === "good") place.textContent = say(count ? "sending" : "sent");
    else place.textContent = count ? say("stored", { count }) : "";
    part("signed-out").hidden = link !== "signed-out";
  }

  function drawClock() {
    const wrong = Math.abs(kept?.offset || 0);
    const minutes = Math.round(wrong / 60000);
    const difference = minutes >= 90 ? say("hours", { count: Math.round(minutes / 60) }) : say("minutes", { count: minutes });
    notice("clock", wrong > WRONG_CLOCK ? say("clock", { difference }) : "");
  }

  function draw() {
    part("door").hidden = false;
    const isOpen = Boolean(kept) && !closed;
    part("open").hidden = !isOpen;
    part("count").hidden = !isOpen;
    const left = closed && waiting().length ? ` ${say("left", { count: waiting().length })}` : "";
    const isEmpty = !kept && !closed && !["sending", "signed-out"].includes(link);
    notice("closed", closed ? closed + left : isEmpty ? say("first") : "");
    drawLink();
    drawRefused();
    drawClock();
    if (!isOpen) {
      rows.clear();
      part("people").replaceChildren();
      part("organisation").textContent = document.title.split(" – ")[0];
      part("visit-line").textContent = "";
      return;
    }
    const list = people();
    part("organisation").textContent = kept.heading.organisation;
    part("visit-line").textContent = [kept.heading.reference, kept.heading.time].filter(Boolean).join(" · ");
    part("present").textContent = list.filter(isPresent).length;
    part("count-words").textContent = say("count", { named: list.length, expected: kept.heading.expected });
    drawPeople(list);
  }

  /* Recording */

  async function record(fields) {
    const key = JSON.stringify([fields.kind, fields.delegate, fields.code, fields.name]);
    if (doing.has(key)) return;
    doing.add(key);
    try {
      await store.add({ visit: settings.visit, device_at: Date.now(), offset: Math.round(kept.offset), ...fields });
      entries = await store.entries(settings.visit);
    } finally {
      doing.delete(key);
    }
    draw();
    contact();
  }

  const isSame = (one, other) => folded(`${one.name}|${one.position}`) === folded(`${other.name}|${other.position}`);

  /* Takes back a person whom only this phone knows, unless that was sent meanwhile; returns the person whom the server knows, if any. */
  async function takeBack(person) {
    while (isBusy) await pause(100);
    entries = await store.entries(settings.visit);
    if (!entries.some((entry) => entry.place === person.place)) return people().find((one) => !one.place && isSame(one, person));
    await store.remove(person.place);
    entries = await store.entries(settings.visit);
    draw();
    return null;
  }

  async function annul(person) {
    const known = person.place ? await takeBack(person) : person;
    if (known) await record({ kind: "annulled", delegate: known.id, who: known.name });
    tell(say("annulled", { name: person.name }), "calm");
  }

  async function checkIn(person, scanned = false) {
    part("text").value = "";
    if (isPresent(person)) {
      draw();
      tell(say("twice", { name: person.name, time: timeOf(person.at) }), "warning");
      return;
    }
    await record({ kind: "checked_in", delegate: person.id, who: person.name, scanned });
    tell(say("came", { name: person.name }), "good", () => annul(person));
  }

  async function markAbsent(person) {
    await record({ kind: "absent", delegate: person.id, who: person.name });
    tell(say("absent", { name: person.name }), "calm", () => annul(person));
  }

  /* The hash of a badge's link, so that the link itself is neither kept nor sent; only pages without HTTPS cannot compute it. */
  async function hashOf(secret) {
    if (!crypto.subtle) return "";
    const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(secret));
    return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  async function scanned(text) {
    if (!kept || closed) return;
    const badge = BADGE.exec(text);
    if (badge) {
      const hash = await hashOf(badge[1].toUpperCase());
      const person = hash && people().find((one) => one.key && hash.startsWith(one.key));
      if (person) {
        await checkIn(person, true);
        return;
      }
      part("text").value = "";
      tell(say("asked"), "warning");
      const code = hash || text.slice(0, 300);
      if (!waiting().some((entry) => entry.code === code)) {
        await record({ kind: "checked_in", code, who: say("badge"), scanned: true });
      }
      return;
    }
    const person = people().find((one) => one.code && one.code === asCode(text));
    if (person) await checkIn(person, true);
    else tell(say("foreign"), "warning");
  }

  async function typed(text) {
    if (!text.trim()) return;
    if (text.includes("/")) {
      await scanned(text.trim());
      return;
    }
    const list = people();
    const coded = list.find((person) => person.code && person.code === asCode(text));
    const found = coded ? [coded] : list.filter((person) => fits(person, text));
    if (found.length === 1) await checkIn(found[0], Boolean(coded));
    else if (found.length) tell(say("several"), "warning");
    else if (CODE.test(asCode(text))) tell(say("unknown"), "warning");
    else tell(say("none"), "warning");
  }

  async function newcomer(form) {
    const data = Object.fromEntries(new FormData(form));
    const twin = people().find((person) => isSame(person, data));
    form.reset();
    part("walk-in").open = false;
    if (twin) {
      await checkIn(twin);
      return;
    }
    await record({ kind: "walk_in", ...data, who: data.name });
    tell(say("came", { name: data.name }), "good");
  }

  /* Contact with the server */

  async function request(address, options = {}) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), PATIENCE);
    try {
      const response = await fetch(address, {
        cache: "no-store",
        credentials: "same-origin",
        redirect: "manual",
        signal: stop.signal,
        ...options,
      });
      if (response.type === "opaqueredirect") throw new Trouble("signed-out");
      const answer = await response.json();
      if (response.ok) return answer;
      throw new Trouble([403, 404].includes(response.status) ? "forbidden" : "server", answer.error);
    } catch (error) {
      if (error instanceof Trouble) throw error;
      // An answer that is no JSON is the page of an error; that of a missing or old token has the status 403, and a new one is tried.
      throw new Trouble(error instanceof SyntaxError ? "token" : "network");
    } finally {
      clearTimeout(timer);
    }
  }

  async function refresh() {
    const started = Date.now();
    const answer = await request(`${settings.state}?known=${kept?.digest || ""}`);
    const offset = answer.now - (started + Date.now()) / 2;
    token = answer.token;
    closed = answer.closed;
    if (closed) {
      await forget();
      return;
    }
    kept = {
      visit: settings.visit,
      page: settings.page,
      offset,
      digest: answer.digest,
      forgetAt: answer.forget_at,
      heading: answer.visit || kept.heading,
      people: answer.people || kept.people,
    };
    await store.keepVisit(kept);
  }

  function post(sent) {
    const fields = ["nonce", "kind", "delegate", "code", "name", "position", "unit", "device_at", "offset", "scanned"];
    const rowsSent = sent.map((entry) => Object.fromEntries(fields.map((name) => [name, entry[name] ?? ""])));
    return request(settings.post, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token },
      body: JSON.stringify({ device: store.name, sent_at: Date.now(), entries: rowsSent }),
    });
  }

  async function send(sent) {
    let answer;
    try {
      answer = await post(sent);
    } catch (error) {
      if (error.kind !== "token") throw error;
      await refresh();
      answer = await post(sent).catch((again) => {
        throw again.kind === "token" ? new Trouble("server") : again;
      });
    }
    await store.settle(sent, answer.results);
    const uncertain = answer.results.find((result) => result.is_uncertain);
    if (uncertain) tell(say("uncertain", { name: sent.find((entry) => entry.nonce === uncertain.nonce)?.who || "" }), "warning");
    const looked = sent.find((entry) => entry.code);
    // What is said about a badge that this phone does not know does not hold any more.
    if (looked) part("message").hidden = true;
    return looked && answer.results.find((result) => result.nonce === looked.nonce && result.delegate);
  }

  async function exchange() {
    const sent = waiting().slice(0, settings.most);
    if (sent.length && !token) await refresh();
    const looked = sent.length && (await send(sent));
    entries = await store.entries(settings.visit);
    await refresh();
    link = "good";
    const person = looked && kept?.people.find((one) => one.id === looked.delegate);
    if (person) tell(say("came", { name: person.name }), "good", () => annul(person));
    if (sent.length && waiting().length) isAgain = true;
  }

  function noted(error) {
    if (!(error instanceof Trouble)) throw error;
    link = error.kind === "token" ? "server" : error.kind;
    if (error.kind === "forbidden") closed = error.sentence;
    return error.kind === "forbidden" ? forget() : null;
  }

  /* Sends what waits and reads the list; one at a time, also if the page is open twice on this phone. */
  async function contact() {
    if (isBusy) {
      isAgain = true;
      return;
    }
    isBusy = true;
    try {
      do {
        isAgain = false;
        const once = () => exchange().catch(noted);
        await (navigator.locks ? navigator.locks.request(`door-${settings.visit}`, once) : once());
      } while (isAgain);
    } finally {
      isBusy = false;
    }
    draw();
  }

  /* Forgetting */

  async function forgetPage(visit, page) {
    if (!("serviceWorker" in navigator)) return;
    const registration = await navigator.serviceWorker.getRegistration(page);
    if (registration && new URL(registration.scope).pathname === page) await registration.unregister();
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name.startsWith(`door-${visit}-`)).map((name) => caches.delete(name)));
  }

  async function forget() {
    kept = null;
    await store.forget(settings.visit);
    await forgetPage(settings.visit, settings.page);
  }

  const isOver = () => kept?.forgetAt && kept.forgetAt <= Date.now() + kept.offset;

  async function forgetOver() {
    for (const { visit, page } of await store.forgetOver()) {
      await forgetPage(visit, page);
      if (visit === settings.visit) {
        kept = null;
        closed = say("expired");
        draw();
      }
    }
  }

  /* Start */

  function listen() {
    const scanner = new window.door.Scanner(part("video"), settings.decoder, scanned);
    const stop = () => {
      scanner.stop();
      part("camera").hidden = true;
      part("scan").textContent = label;
      part("scan").setAttribute("aria-pressed", "false");
    };
    const label = part("scan").textContent;
    part("scan").addEventListener("click", async () => {
      if (scanner.isOn) {
        stop();
        return;
      }
      try {
        part("camera").hidden = false;
        part("scan").textContent = say("stop");
        part("scan").setAttribute("aria-pressed", "true");
        await scanner.start();
      } catch {
        stop();
        tell(say("no-camera"), "warning");
      }
    });
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) stop();
      else contact();
    });
    part("typed").addEventListener("submit", (event) => {
      event.preventDefault();
      typed(part("text").value);
    });
    part("text").addEventListener("input", draw);
    part("newcomer").addEventListener("submit", (event) => {
      event.preventDefault();
      newcomer(event.target);
    });
    part("people").addEventListener("click", (event) => {
      const button = event.target.closest("[data-kind]");
      if (!button) return;
      const row = button.closest("[data-person]");
      // A second tap would press the button that has come into the place of the first one.
      if (performance.now() - row.changed < SECOND_TAP) return;
      const id = row.dataset.person;
      const person = people().find((one) => String(one.id) === id);
      if (!person) return;
      if (button.dataset.kind === "checked_in") checkIn(person);
      else if (button.dataset.kind === "absent") markAbsent(person);
      else annul(person);
    });
    document.querySelector(".door__tabs").addEventListener("click", (event) => {
      const button = event.target.closest("[data-shown]");
      if (!button) return;
      ({ shown } = button.dataset);
      for (const one of button.parentElement.children) one.setAttribute("aria-pressed", String(one === button));
      draw();
    });
    part("sign-in").href = settings.login;
    window.addEventListener("online", contact);
    window.addEventListener("offline", () => {
      link = "network";
      draw();
    });
    setInterval(() => {
      if (!closed || waiting().length) contact();
    }, EVERY);
    setInterval(forgetOver, 30000);
  }

  try {
    store = await window.door.Store.open();
  } catch {
    part("door").hidden = false;
    notice("closed", say("no-store"));
    return;
  }
  ({ kept = null, entries } = await store.start(settings.visit));
  if (isOver()) await forgetOver();
  listen();
  draw();
  // First the list is drawn; a page in the background draws nothing.
  await Promise.race([new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))), pause(500)]);
  if ("serviceWorker" in navigator && !closed) {
    navigator.serviceWorker.register(settings.worker, { scope: settings.page, updateViaCache: "none" }).catch(() => {
      // Without it the page works too, but cannot be opened anew without network.
    });
  }
  await contact();
  // Also the lists of other visits.
  await forgetOver();
})();
