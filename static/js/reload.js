// A link with data-reload="3" is followed by itself after three seconds; without JavaScript the reader follows it.
const again = document.querySelector("a[data-reload]");
setTimeout(() => location.replace(again.href), 1000 * again.dataset.reload);
