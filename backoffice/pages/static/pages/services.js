/* Placeholders go where the cursor was; a sheet that was begun is not lost; waiting says so. */
(() => {
  "use strict";
  let cursor = null;
  let begun = false;
  document.addEventListener("focusout", (event) => {
    if (event.target.matches("[data-words], input[type=text]")) cursor = event.target;
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-placeholder]");
    if (!button) return;
    const field = cursor ?? document.querySelector("[data-words]");
    if (!field) return;
    const text = "{" + button.dataset.placeholder + "}";
    field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
    field.focus();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
  document.addEventListener("input", (event) => {
    if (event.target.closest("[data-sheet]")) begun = true;
  });
  addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented) return;
    if (form.matches("[data-sheet]")) begun = false;
    const told = form.querySelector("[data-busy-text]");
    if (told) told.textContent = form.dataset.busy;
  });
  addEventListener("beforeunload", (event) => {
    if (begun) event.preventDefault();
  });
})();
