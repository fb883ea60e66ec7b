/* The service worker of the page at the door. It keeps this one page, which holds no names, and the static files that it needs.
   Nothing else is kept: all other requests go to the network. "kept" is set by the view that imports this file. */
"use strict";

const { page, files, prefix, cache: current } = self.kept;
const PATIENCE = 2500;

async function install() {
  const cache = await caches.open(current);
  await cache.addAll(files);
  // After a sign-out this would be the page for signing in: then it fails, and the browser tries again later.
  const response = await fetch(page, { credentials: "same-origin", redirect: "error", cache: "no-store" });
  if (!response.ok) throw new Error(`The page answered ${response.status}`);
  await cache.put(page, response);
  await self.skipWaiting();
}

async function activate() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(prefix) && name !== current).map((name) => caches.delete(name)));
  await self.clients.claim();
}

function keptAnswer(address) {
  return caches.match(address, { cacheName: current, ignoreVary: true, ignoreSearch: true });
}

function late() {
  return new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error("too late")), PATIENCE);
  });
}

/* With network the page comes from the server, which asks for the sign-in; without, or if that takes too long, from here. */
async function openPage(request) {
  const kept = await keptAnswer(page);
  if (!kept) return fetch(request);
  try {
    const response = await Promise.race([fetch(request), late()]);
    return response.status >= 500 ? kept : response;
  } catch {
    return kept;
  }
}

async function staticFile(request) {
  return (await keptAnswer(request.url)) || fetch(request);
}

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  if (request.mode === "navigate" && address.pathname === page) event.respondWith(openPage(request));
  else if (files.includes(address.pathname)) event.respondWith(staticFile(request));
});
