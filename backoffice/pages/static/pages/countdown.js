/* Counts down beside a time that is written out in full: hidden from screen readers, which have that. */
(() => {
  "use strict";
  for (const place of document.querySelectorAll("[data-countdown]:not([data-counting])")) {
    place.dataset.counting = "";
    const end = performance.now() + Number(place.dataset.countdown) * 1000;
    const tick = () => {
      const left = Math.ceil((end - performance.now()) / 1000);
      place.textContent = left > 0 ? place.dataset.left.replace("#", left) : place.dataset.over;
      if (left > 0) setTimeout(tick, 1000);
    };
    tick();
  }
})();
