/* The pages of a document: size, place, hits. Without it links and forms do the same, page by page. */
(() => {
  "use strict";
  const one = (selector, from = document) => from.querySelector(selector);
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const steps = [50, 75, 100, 125, 150, 200, 300];
  const viewer = () => one(".lm-viewer");
  let shown = "";
  let zoom = "fit";
  let watched;

  // ---- size: kept while documents change
  function written(value) {
    return value === "fit" ? one('[data-step="0"]', viewer()).textContent : `${value} %`;
  }
  function resize(value) {
    zoom = value;
    viewer().dataset.zoom = value;
    one("[data-zoomed]").textContent = written(value);
  }
  function step(by) {
    const sheet = one(".lm-sheet > img");
    if (!by || !sheet) return resize("fit");
    const now = zoom === "fit" ? (100 * sheet.clientWidth) / sheet.getAttribute("width") : Number(zoom);
    const next = by > 0 ? steps.find((each) => each > now + 1) : steps.findLast((each) => each < now - 1);
    resize(String(next ?? (by > 0 ? steps.at(-1) : steps[0])));
  }

  // ---- place: the page one looks at, in the strip
  function watch() {
    watched?.disconnect();
    watched = new IntersectionObserver(
      (entries) => {
        const seen = entries.find((entry) => entry.isIntersecting);
        if (!seen) return;
        for (const link of all(".lm-thumbs a")) {
          const here = link.hash === `#${seen.target.id}`;
          link.toggleAttribute("aria-current", here);
          if (here) {
            link.setAttribute("aria-current", "page");
            const strip = link.parentElement;
            strip.scrollTop = link.offsetTop - strip.clientHeight / 2;
          }
        }
      },
      { rootMargin: "-30% 0px -60%" },
    );
    all(".lm-sheet").forEach((sheet) => watched.observe(sheet));
  }
  const show = (id) => document.getElementById(id)?.scrollIntoView({ block: "center", inline: "nearest" });

  // ---- hits: one at a time
  function hit(by) {
    const links = all(".lm-hits a");
    const at = links.findIndex((link) => link.matches("[aria-current]"));
    const to = (at + by + links.length) % links.length;
    links.forEach((link, place) => (place === to ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current")));
    all("[data-now]").forEach((mark) => delete mark.dataset.now);
    const mark = document.getElementById(links[to].hash.slice(1));
    if (mark) mark.dataset.now = "";
    show(links[to].hash.slice(1));
    if (by) one("[data-hits]").textContent = `${to + 1} / ${links.length}`;
  }

  function begin() {
    const view = viewer();
    if (!view?.dataset.document) return;
    const now = `${view.dataset.document} ${Boolean(one(".lm-sheet", view))}`;
    const known = now === shown;
    shown = now;
    for (const tab of all(".lm-documents a")) {
      if (tab.id === `doc-${view.dataset.document}`) tab.setAttribute("aria-current", "true");
      else tab.removeAttribute("aria-current");
    }
    if (view.dataset.zoom === "fit" && zoom !== "fit") resize(zoom);
    else if (view.dataset.zoom) zoom = view.dataset.zoom;
    watch();
    if (one(".lm-hits a", view)) {
      one(".lm-hits", view).classList.add("lm-hits--stepped");
      all("[data-hit]", view).forEach((button) => (button.hidden = false));
      hit(0);
    } else if (view.dataset.go) show(view.dataset.go);
    else if (!known) view.closest(".lm-pane")?.scrollTo(0, 0);
  }

  document.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    const sizer = event.target.closest("[data-step]");
    const stepper = event.target.closest("[data-hit]");
    const found = event.target.closest(".lm-hits a, .lm-thumbs a");
    const tab = event.target.closest(".lm-documents a");
    const action = event.target.closest('.lm-viewer a[href*="#a-"]');
    if (sizer) step(Number(sizer.dataset.step));
    else if (stepper) hit(Number(stepper.dataset.hit));
    else if (found) one(found.hash)?.scrollIntoView({ block: found.closest(".lm-thumbs") ? "start" : "center" });
    else if (action && one(action.hash)) {
      // the form is on this page: open it, so that the next key is already text
      one(action.hash).open = true;
      one("textarea, select, input:not([type=hidden])", one(action.hash))?.focus();
    } else {
      // before the answer, so that two strokes lead two documents on
      if (tab) all(".lm-documents a").forEach((other) => (other === tab ? other.setAttribute("aria-current", "true") : other.removeAttribute("aria-current")));
      return;
    }
    event.preventDefault();
  });
  document.addEventListener("htmx:after:swap", (event) => {
    if (event.detail.ctx.target?.id === "viewer") begin();
  });
  begin();
})();
