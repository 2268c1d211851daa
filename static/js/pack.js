/* Thumbnails of a pack: each box of the list of pages gets a small, silent copy of the page beside it. */
(() => {
  "use strict";
  const boxes = document.querySelectorAll("[data-thumb]");
  const fill = (box) => {
    const page = document.getElementById(box.dataset.thumb)?.closest(".pk-page");
    if (!page || box.firstChild) return;
    const copy = page.cloneNode(true);
    copy.removeAttribute("tabindex");
    copy.removeAttribute("aria-label");
    copy.querySelectorAll("a").forEach((link) => link.removeAttribute("href"));
    copy.querySelectorAll("[id]").forEach((element) => { if (element.tagName !== "pattern") element.removeAttribute("id"); });
    copy.querySelectorAll("pattern[id], [fill^='url(#']").forEach((element) => {
      if (element.id) element.id = `${element.id}-thumb`;
      else element.setAttribute("fill", element.getAttribute("fill").replace(")", "-thumb)"));
    });
    const sheet = document.createElement("div");
    sheet.className = "pack pk-thumb-page";
    sheet.inert = true;
    sheet.append(copy);
    box.append(sheet);
    box.hidden = false;
  };
  const watcher = new IntersectionObserver((entries) => {
    entries.filter((entry) => entry.isIntersecting).forEach((entry) => { watcher.unobserve(entry.target); fill(entry.target); });
  }, { rootMargin: "300px" });
  boxes.forEach((box) => { box.hidden = false; watcher.observe(box); });
})();
