/* Text blocks go where the cursor was; without script the server appends them. */
(() => {
  "use strict";
  let cursor = null;
  document.addEventListener("focusout", (event) => {
    if (event.target.matches("textarea")) cursor = event.target;
  });
  document.addEventListener("click", (event) => {
    const block = event.target.closest("[data-into]");
    if (!block) return;
    event.preventDefault();
    const field = document.getElementById(block.dataset.into);
    // beside other text a block is a paragraph of its own
    const from = cursor === field ? field.selectionStart : field.value.length;
    const to = cursor === field ? field.selectionEnd : field.value.length;
    const before = field.value.slice(0, from).replace(/\s+$/, "");
    const after = field.value.slice(to).replace(/^\s+/, "");
    const text = (before && before + "\n\n") + block.dataset.text;
    field.value = after ? text + "\n\n" + after : text;
    field.focus();
    field.setSelectionRange(text.length, text.length);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
})();
