/* A sheet that was begun is not lost by a slip: leaving it asks first. It works without this. */
(() => {
  "use strict";
  const sheet = document.querySelector("[data-sheet]");
  if (!sheet) return;
  // what came back from the server was begun before
  let begun = Boolean(document.querySelector("[data-sheet] [data-errors], [data-sheet] [autofocus]"));
  sheet.addEventListener("input", () => (begun = true));
  // at the window: whoever stops the sending (offline, twice) has had its say
  addEventListener("submit", (event) => {
    if (event.target === sheet && !event.defaultPrevented) begun = false;
  });
  addEventListener("beforeunload", (event) => {
    if (begun) event.preventDefault();
  });
})();
