/* What a phone at the door keeps: the list of the visit that is open, and the events that wait to be sent (IndexedDB). */
window.door = window.door || {};
(() => {
  "use strict";

  function wait(request) {
    return new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  }

  function committed(transaction) {
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = transaction.onerror = () => reject(transaction.error);
    });
  }

  function randomKey() {
    if (crypto.randomUUID) return crypto.randomUUID();
    // Pages without HTTPS have no randomUUID().
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  }

  class Store {
    /* Opens the database; rejects if this browser keeps none. */
    static async open() {
      const request = indexedDB.open("door", 1);
      request.onupgradeneeded = () => {
        const database = request.result;
        database.createObjectStore("visits", { keyPath: "visit" });
        database.createObjectStore("entries", { keyPath: "place", autoIncrement: true }).createIndex("visit", "visit");
        database.createObjectStore("phone", { keyPath: "key" });
      };
      return new Store(await wait(request));
    }

    constructor(database) {
      this.database = database;
      this.name = "";
    }

    /* What is kept for a visit, read in one transaction: its list or undefined and its entries. */
    async start(visit) {
      const reading = this.database.transaction(["visits", "entries", "phone"]);
      const [visits, entries, phone] = await Promise.all([
        wait(reading.objectStore("visits").getAll()),
        wait(reading.objectStore("entries").index("visit").getAll(visit)),
        wait(reading.objectStore("phone").get("name")),
      ]);
      this.name = phone?.value || (await this.newName());
      return { kept: visits.find((one) => one.visit === visit), entries };
    }

    async write(names, change) {
      const transaction = this.database.transaction(names, "readwrite", { durability: "strict" });
      const done = committed(transaction);
      await change(...names.map((name) => transaction.objectStore(name)));
      await done;
    }

    read(name) {
      return this.database.transaction(name).objectStore(name);
    }

    /* A name for this phone, made once: it says nothing about its owner. */
    async newName() {
      const value = `phone-${randomKey().slice(0, 8)}`;
      await this.write(["phone"], (phones) => phones.put({ key: "name", value }));
      return value;
    }

    keepVisit(kept) {
      return this.write(["visits"], (visits) => visits.put(kept));
    }

    /* Deletes the names of a visit, also those of refused entries. Entries that wait are kept until they are sent, with the key of the
       person; only somebody whom nobody announced has a name there, which would be lost else. */
    async forget(visit) {
      const kept = await this.entries(visit);
      await this.write(["visits", "entries"], (visits, entries) => {
        visits.delete(visit);
        for (const entry of kept) {
          if (entry.refusal) entries.delete(entry.place);
          else entries.put({ ...entry, who: "" });
        }
      });
    }

    /* Deletes the lists of all visits that are over by the corrected clock; returns what was kept of them. */
    async forgetOver() {
      const kept = await wait(this.read("visits").getAll());
      const over = kept.filter((one) => one.forgetAt && one.forgetAt <= Date.now() + one.offset);
      for (const { visit } of over) await this.forget(visit);
      return over;
    }

    /* The entries of a visit in the order in which they were recorded: those that wait, and refused ones. */
    entries(visit) {
      return wait(this.read("entries").index("visit").getAll(visit));
    }

    async add(entry) {
      const kept = { ...entry, nonce: randomKey() };
      await this.write(["entries"], (entries) => entries.add(kept));
      return kept;
    }

    remove(place) {
      return this.write(["entries"], (entries) => entries.delete(place));
    }

    /* Removes entries that the server has, and marks those that it refused with its sentence. */
    async settle(sent, results) {
      const byNonce = new Map(results.map((result) => [result.nonce, result]));
      await this.write(["entries"], (entries) => {
        for (const entry of sent) {
          const result = byNonce.get(entry.nonce);
          if (!result) continue;
          if (result.refusal) entries.put({ ...entry, refusal: result.refusal });
          else entries.delete(entry.place);
        }
      });
    }
  }

  window.door.Store = Store;
})();
