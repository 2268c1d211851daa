/* The weekly status: its preview follows what is typed; the page works without this file. */
(() => {
  "use strict";
  const form = document.getElementById("status-form");
  if (!form) return;
  const total = form.querySelector("[data-modified-count]"), word = form.querySelector("[data-modified-word]");
  const agree = () => { word.textContent = Number(total.textContent) > 1 ? word.dataset.many : word.dataset.one; };
  new MutationObserver(agree).observe(total, { childList: true });

  /* The preview follows the message at once; the rest follows the server. */
  form.elements.message.addEventListener("input", () => {
    const mirror = form.querySelector('[data-mirror="f_message"]');
    if (mirror) mirror.textContent = form.elements.message.value.trim() || "…";
  });
  form.addEventListener("input", (event) => {
    const cause = event.target.closest(".cause");
    if (cause) cause.classList.toggle("is-empty", !event.target.value.trim());
  });
})();
