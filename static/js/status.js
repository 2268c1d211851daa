/* The weekly status: what is typed survives a lost session or a failed request; the page works without this file. */
(() => {
  "use strict";
  const form = document.getElementById("status-form");
  if (!form) return;
  const key = `cadran:status:${form.dataset.keep}`;
  const hidden = new Set(["csrfmiddlewaretoken", "base", "version", "token", "action"]);
  const fields = () => [...new FormData(form)].filter(([name]) => !hidden.has(name) && !name.startsWith("choose-"));
  const store = (text) => { try { if (text === null) sessionStorage.removeItem(key); else sessionStorage.setItem(key, text); } catch { /* storage refused: the draft on the server remains */ } };
  const read = () => { try { return JSON.parse(sessionStorage.getItem(key)); } catch { return null; } };
  const keep = () => store(JSON.stringify({ base: form.elements.base.value, fields: fields() }));

  /* Given back only to the very form it was typed into: same week, nothing published in between. */
  const kept = read();
  const fresh = !form.querySelector(".error-summary, .conflict");
  if (kept && fresh && kept.base === form.elements.base.value && JSON.stringify(kept.fields) !== JSON.stringify(fields())) {
    form.querySelectorAll("input[type=checkbox], input[type=radio]").forEach((box) => { box.checked = false; });
    kept.fields.forEach(([name, value]) => {
      const element = form.elements[name];
      if (!element) return;
      const box = element.type === "checkbox" ? element : null;
      if (box) box.checked = true; else element.value = value;
    });
    form.querySelector("[data-restored]").hidden = false;
    form.querySelector("textarea").dispatchEvent(new Event("input", { bubbles: true }));
  } else if (kept && fresh) {
    store(null);
  }
  form.addEventListener("input", keep);
  const total = form.querySelector("[data-modified-count]"), word = form.querySelector("[data-modified-word]");
  const agree = () => { word.textContent = Number(total.textContent) > 1 ? word.dataset.many : word.dataset.one; };
  new MutationObserver(agree).observe(total, { childList: true });
  form.addEventListener("submit", (event) => { if (event.submitter?.value === "discard") store(null); else keep(); });

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
