// Suggestions below search fields, after the pattern "combobox with listbox popup" of WAI-ARIA 1.2. Without JavaScript the field is a plain one.
const WAIT = 150;
const SHORTEST = 2;

class Suggestions {
  constructor(input) {
    this.input = input;
    this.list = Object.assign(document.createElement("ul"), { id: `${input.id}-list`, className: "suggestions", hidden: true });
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", input.dataset.label);
    this.status = Object.assign(document.createElement("span"), { className: "visually-hidden" });
    this.status.setAttribute("role", "status");
    this.active = -1;
    const place = document.createElement("span");
    place.className = "suggest";
    input.replaceWith(place);
    place.append(input, this.list, this.status);
    for (const [name, value] of Object.entries({
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": this.list.id,
    })) {
      input.setAttribute(name, value);
    }
    input.addEventListener("input", () => this.later());
    input.addEventListener("keydown", (event) => this.key(event));
    input.addEventListener("blur", () => this.close());
    // On mousedown, before the field loses the focus.
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.follow(event.target.closest("[role=option]")));
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), WAIT);
  }

  async ask() {
    this.asked?.abort();
    const typed = this.input.value.trim();
    if (typed.length < SHORTEST) return this.close();
    this.asked = new AbortController();
    try {
      const answer = await fetch(`${this.input.dataset.suggest}?q=${encodeURIComponent(typed)}`, { signal: this.asked.signal });
      this.show(answer.ok ? (await answer.json()).suggestions : []);
    } catch (error) {
      // A newer request replaced this one, or there is no network. The field works without suggestions.
      if (error.name !== "AbortError") this.close();
    }
  }

  show(found) {
    this.list.replaceChildren(...found.map((suggestion, number) => this.option(suggestion, number)));
    this.mark(-1);
    this.list.hidden = found.length === 0;
    this.input.setAttribute("aria-expanded", String(found.length > 0));
    this.status.textContent = found.length ? this.input.dataset.found.replace("{n}", found.length) : this.input.dataset.none;
  }

  option({ label, kind, url }, number) {
    const option = Object.assign(document.createElement("li"), { id: `${this.list.id}-${number}` });
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.dataset.url = url;
    option.append(Object.assign(document.createElement("span"), { textContent: label }), " ");
    option.append(Object.assign(document.createElement("small"), { textContent: kind }));
    return option;
  }

  key(event) {
    const last = this.list.children.length - 1;
    if (event.isComposing) return;
    if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      this.close();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (this.list.hidden) return void this.ask();
      // One position besides the suggestions: the field itself.
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.mark(((this.active + 1 + step + last + 2) % (last + 2)) - 1);
    } else if (event.key === "Enter" && this.active >= 0) {
      event.preventDefault();
      this.follow(this.list.children[this.active]);
    }
  }

  mark(number) {
    this.list.children[this.active]?.setAttribute("aria-selected", "false");
    this.active = number;
    const option = this.list.children[number];
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) this.input.setAttribute("aria-activedescendant", option.id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  follow(option) {
    if (option) window.location.assign(option.dataset.url);
  }

  close() {
    clearTimeout(this.timer);
    this.asked?.abort();
    this.mark(-1);
    this.list.hidden = true;
    this.list.replaceChildren();
    this.input.setAttribute("aria-expanded", "false");
    this.status.textContent = "";
  }
}

for (const input of document.querySelectorAll("input[data-suggest]")) new Suggestions(input);
