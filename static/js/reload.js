// Follows a link with data-reload="3" after three seconds; without JavaScript the reader clicks it.
const again = document.querySelector("a[data-reload]");
setTimeout(() => location.replace(again.href), 1000 * again.dataset.reload);
