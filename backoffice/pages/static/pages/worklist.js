/* Ticking rows: one tab stop for all ticks, `s` on the row one is at, all of a page at once. */
(() => {
  "use strict";
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const ticks = () => all('#rows input[name="case"]');
  const tickOf = (row) => row?.querySelector('input[name="case"]');
  const every = document.querySelector("[data-all]");
  if (!every) return;

  // the key stands on the control it presses, so the help lists it too
  function here(row) {
    const tick = tickOf(row);
    if (!tick) return;
    for (const other of ticks()) {
      other.tabIndex = other === tick ? 0 : -1;
      delete other.dataset.key;
    }
    tick.dataset.key = "s";
    tick.dataset.label = every.dataset.label;
  }
  function summarise() {
    const list = ticks();
    const chosen = list.filter((tick) => tick.checked).length;
    every.checked = chosen > 0 && chosen === list.length;
    every.indeterminate = chosen > 0 && chosen < list.length;
  }
  document.addEventListener("focusin", (event) => here(event.target.closest("[data-row]")));
  document.addEventListener("change", (event) => {
    if (event.target === every) {
      for (const tick of ticks()) tick.checked = every.checked;
      // the form says all of them; one has to send it
      ticks()[0]?.dispatchEvent(new Event("change", { bubbles: true }));
    } else if (event.target.name === "case") summarise();
  });
  document.addEventListener("htmx:after:swap", (event) => {
    if (event.detail.ctx.target?.id === "rows") {
      here(document.activeElement?.closest("[data-row]"));
      summarise();
    }
  });
  every.hidden = false;
  here(document.querySelector("[data-row][data-active]") ?? document.querySelector("[data-row]"));
  summarise();
})();
