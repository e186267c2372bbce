/* Keyboard, list cursor and small comforts; every page works without it. No visible text lives here. */
(() => {
  "use strict";
  const root = document.documentElement;
  const one = (selector, from = document) => from.querySelector(selector);
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const shown = (element) => element.getClientRects().length > 0;
  const live = one("#live");
  const keysOn = () => root.dataset.keys === "on";

  // ---- list cursor: the focus itself moves, so screen reader and eye agree; one tab stop per list
  const links = () => all("[data-row] a.lm-open");
  const current = () => links().find((link) => link.tabIndex === 0);
  function mark(link) {
    for (const other of links()) {
      const here = other === link;
      other.tabIndex = here ? 0 : -1;
      other.closest("[data-row]").toggleAttribute("data-active", here);
    }
  }
  function move(step) {
    const list = links();
    if (!list.length) return false;
    const onList = list.includes(document.activeElement);
    const at = list.indexOf(current());
    const to = onList ? Math.max(0, Math.min(list.length - 1, at + step)) : Math.max(0, at);
    list[to].focus();
    return true;
  }
  function prepareList() {
    const list = links();
    if (list.length) mark(list.find((link) => "#" + link.id === location.hash) ?? current() ?? list[0]);
  }
  document.addEventListener("focusin", (event) => {
    if (event.target.matches("[data-row] a.lm-open")) mark(event.target);
  });
  document.addEventListener("click", (event) => {
    const row = event.target.closest("[data-row]");
    if (row && !event.target.closest("a, button, input, label") && !String(getSelection())) one("a.lm-open", row).click();
  });

  // ---- shortcuts: declared on the control by data-key, so the help cannot differ from what happens
  let chord = "";
  let chordEnds = 0;
  const isField = (element) =>
    element.matches("textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=hidden])");

  function press(control) {
    if (isField(control)) return control.focus();
    control.click();
    // an opened form takes the focus, so that the next key is already text
    const form = control.matches("summary") && control.parentElement.open && one(".lm-form", control.parentElement);
    if (form) one("textarea, select, input:not([type=hidden]), button", form)?.focus();
  }
  function escape(target) {
    const open = target.closest("details[open]");
    if (open) {
      open.open = false;
      one("summary", open).focus();
    } else if (isField(target)) {
      (current() ?? one("#main")).focus();
    }
  }
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    const target = event.target;
    if (event.ctrlKey && event.key === "Enter" && target.form) return target.form.requestSubmit();
    // Ctrl, Alt and Meta belong to browser and system; AltGr (€, @) reports Ctrl and Alt
    if (event.ctrlKey || event.altKey || event.metaKey || one("dialog[open]")) return;
    if (event.key === "Escape") return escape(target);
    const step = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity }[event.key];
    if (step && target.matches("[data-row] a.lm-open")) {
      event.preventDefault();
      return move(step);
    }
    if (isField(target) || !keysOn()) return;
    const key = chord + event.key;
    chord = "";
    clearTimeout(chordEnds);
    if (key === "g") {
      chord = "g";
      chordEnds = setTimeout(() => (chord = ""), 1000);
      return;
    }
    const done = act(key, event.repeat);
    if (done) event.preventDefault();
  });
  function act(key, repeated) {
    if ((key === "j" || key === "k") && move(key === "j" ? 1 : -1)) return true;
    if (repeated) return false;
    if (key === "?") return help(), true;
    const pane = one(`[data-pane="${CSS.escape(key)}"]`);
    if (pane) return pane.focus(), true;
    const documents = all(".lm-documents a");
    if ((key === "," || key === ".") && documents.length) {
      const at = documents.findIndex((link) => link.matches("[aria-current]"));
      documents[at + (key === "." ? 1 : -1)]?.click();
      return true;
    }
    const control = all("[data-key]").find((element) => element.dataset.key === key && shown(element));
    if (control) press(control);
    return Boolean(control);
  }

  // ---- help: the page's own controls in front of what is always true
  function help() {
    const dialog = one("#help");
    const list = one("[data-keys-list]", dialog);
    all("[data-listed]", list).forEach((row) => row.remove());
    for (const control of all("[data-key]").filter(shown).reverse()) {
      const row = document.createElement("tr");
      const head = document.createElement("th");
      row.dataset.listed = "";
      head.scope = "row";
      for (const key of control.dataset.key) {
        const cap = document.createElement("kbd");
        cap.textContent = key;
        head.append(cap, " ");
      }
      row.append(head);
      row.insertCell().textContent = control.dataset.label;
      list.prepend(row);
    }
    one("[data-keys-off]", dialog).hidden = keysOn();
    dialog.showModal();
  }
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-help]")) help();
    for (const menu of all("details.lm-menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  });

  // ---- settings: seen at once, stored by the form
  document.addEventListener("click", (event) => {
    const choice = event.target.closest(".lm-choice button");
    if (!choice) return;
    if (choice.name === "keys") root.dataset.keys = choice.value;
    else if (choice.value === "system") delete root.dataset.kernTheme;
    else root.dataset.kernTheme = choice.value;
    for (const other of all("button", choice.parentElement)) other.setAttribute("aria-pressed", String(other === choice));
  });

  // ---- sending: once, and not into the void
  const offline = one("[data-offline]");
  const connection = () => offline && (offline.hidden = navigator.onLine);
  addEventListener("online", connection);
  addEventListener("offline", connection);
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!navigator.onLine || (form.matches("[data-once]") && "sent" in form.dataset)) event.preventDefault();
    else if (form.matches("[data-once]")) form.dataset.sent = "";
  });
  // a page that comes back from the browser's cache may be sent again
  addEventListener("pageshow", () => all("[data-sent]").forEach((form) => delete form.dataset.sent));

  // ---- fragments: failures are said, the first new row takes the focus
  function say(text) {
    live.textContent = text;
    live.toggleAttribute("data-said", Boolean(text));
  }
  const failed = () => say(live.dataset.failed);
  let known = 0;
  document.addEventListener("htmx:error", failed);
  document.addEventListener("htmx:response:error", failed);
  document.addEventListener("htmx:before:request", () => {
    known = links().length;
    say("");
  });
  document.addEventListener("htmx:after:swap", (event) => {
    const list = links();
    if (event.detail.ctx.target?.id === "rows" && list.length > known) list[known].focus();
  });

  // ---- at the start
  all("[data-help]").forEach((button) => (button.hidden = false));
  connection();
  prepareList();
  const wrong = one("[data-errors]");
  const asked = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
  if (wrong) wrong.focus();
  else if (asked && asked.matches("a.lm-open")) asked.focus();
  // a status region speaks only when its content changes after loading
  const notices = one("[data-notices]");
  if (notices?.children.length) setTimeout(() => notices.replaceChildren(...notices.children), 100);
})();
