/* Arrow keys in the file plan. Without it Tab and Enter do the same, one position at a time. */
(() => {
  "use strict";
  const tree = document.querySelector("[data-tree]");
  if (!tree) return;
  const rows = () => [...tree.querySelectorAll("summary, a")].filter((row) => row.getClientRects().length > 0);
  const above = (row) => row.closest("details > ul")?.parentElement.querySelector("summary");

  tree.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    const row = event.target.closest("summary, a");
    if (!row) return;
    const list = rows();
    const at = list.indexOf(row);
    const branch = row.matches("summary") ? row.parentElement : null;
    let next = null;
    if (event.key === "ArrowDown") next = list[at + 1];
    else if (event.key === "ArrowUp") next = list[at - 1];
    else if (event.key === "Home") next = list[0];
    else if (event.key === "End") next = list.at(-1);
    else if (event.key === "ArrowRight" && branch) {
      if (branch.open) next = list[at + 1];
      else branch.open = true;
    } else if (event.key === "ArrowLeft") {
      if (branch?.open) branch.open = false;
      else next = above(row);
    } else return;
    event.preventDefault();
    next?.focus();
  });

  // a link from below leads back to its position, wherever that is folded away
  const asked = document.getElementById(location.hash.slice(1));
  for (let part = asked; part && part !== tree; part = part.parentElement) if (part.matches("details")) part.open = true;
  if (asked?.matches("summary, a")) asked.focus();
})();
