/* Settling checks and putting values right without leaving the page; forms and links do the same. */
(() => {
  "use strict";
  const one = (selector, from = document) => from.querySelector(selector);

  // ---- y and x need a reason: the key is remembered until the reason is sent (Ctrl+Enter)
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-judge] button[name=outcome]");
    const reason = button && one("[name=reason]", button.form);
    if (!button) return;
    one("[data-outcome]", button.form).value = button.value;
    for (const other of button.form.querySelectorAll("button[name=outcome]")) {
      other.setAttribute("aria-pressed", String(other === button));
      other.classList.toggle("lm-btn--primary", other === button);
    }
    if (reason.value.trim()) return;
    event.preventDefault();
    reason.focus();
  });

  // ---- what the reader did just now is no change by somebody else: other forms learn of it
  document.addEventListener("htmx:after:swap", () => {
    const live = one("#live");
    // what came with the fragment says more than that it came
    if (one(".lm-notice", live)) live.removeAttribute("data-said");
    const version = one("#facts")?.dataset.version;
    if (!version) return;
    for (const input of document.querySelectorAll("form input[name=version]")) input.value = version;
  });
})();
