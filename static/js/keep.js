/* What is typed into a form survives a lost session, a failed request and a lost network; the page works without it.
   Forms say data-keep="name"; `base` is the version they were opened on. */
(() => {
  "use strict";
  const hidden = new Set(["csrfmiddlewaretoken", "base", "version", "once", "action"]);
  const box = (name, value) => { try { if (value === null) sessionStorage.removeItem(name); else if (value === undefined) return sessionStorage.getItem(name); else sessionStorage.setItem(name, value); } catch { /* storage refused: the server's draft remains */ } return null; };
  const read = (name) => { try { return JSON.parse(box(name)); } catch { return null; } };
  const fields = (form) => [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !hidden.has(name) && !name.startsWith("choose-"));
  const base = (form) => `${form.elements.base?.value ?? ""}|${form.elements.version?.value ?? ""}`;
  const clock = () => new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" }).format(new Date());
  const PING = 4000, AGAIN = 3000, SENT = 8000;

  const restore = (form, key) => {
    const kept = read(key);
    if (!kept || form.querySelector(".error-summary, .conflict")) return;
    if (kept.base !== base(form) || JSON.stringify(kept.fields) === JSON.stringify(fields(form))) { box(key, null); return; }
    form.querySelectorAll("input[type=checkbox], input[type=radio]").forEach((one) => { one.checked = false; });
    kept.fields.forEach(([name, value]) => {
      const element = form.elements[name];
      if (!element) return;
      if (element.type === "checkbox") element.checked = true;
      else if (element.multiple) [...element.options].forEach((one) => { if (one.value === value) one.selected = true; });
      else element.value = value;
    });
    const note = form.querySelector("[data-restored]");
    if (note) note.hidden = false;
    (form.querySelector("textarea, input:not([type=hidden])") || form).dispatchEvent(new Event("input", { bubbles: true }));
  };

  const reachable = async () => {
    if (!navigator.onLine) return false;
    try { return (await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(PING) })).ok; } catch { return false; }
  };

  const arm = (form) => {
    const key = `cadran:keep:${form.dataset.keep}`, note = form.querySelector("[data-waiting]");
    const keep = () => box(key, JSON.stringify({ base: base(form), fields: fields(form) }));
    let sure = false, busy = false, timer = 0, since = "", button = null;
    const send = () => { sure = true; form.requestSubmit(button || undefined); sure = false; setTimeout(() => { busy = false; }, SENT); };
    const wait = () => {
      since ||= clock();
      if (note) { note.querySelector("[data-since]").textContent = since; note.hidden = false; }
      let trying = false;
      const attempt = async () => {
        if (trying || !form.isConnected) return;
        trying = true;
        clearTimeout(timer);
        if (await reachable()) { removeEventListener("online", attempt); box("cadran:resent", since); send(); } else { trying = false; timer = setTimeout(attempt, AGAIN); }
      };
      addEventListener("online", attempt);
      timer = setTimeout(attempt, AGAIN);
    };
    restore(form, key);
    form.addEventListener("input", keep);
    form.querySelectorAll(".actions > a").forEach((one) => one.addEventListener("click", () => box(key, null)));
    addEventListener("pageshow", (event) => { if (event.persisted) busy = false; });
    form.addEventListener("submit", async (event) => {
      if (event.submitter?.value === "discard") { box(key, null); return; }
      keep();
      box("cadran:sent", key);
      if (sure || event.defaultPrevented) return;
      event.preventDefault();
      button = event.submitter;
      if (busy) return;
      busy = true;
      if (await reachable()) send(); else wait();
    });
  };

  /* A form that was sent and is not shown again has been accepted, unless the log-in came in between. */
  const signedIn = "idleSeconds" in document.body.dataset, sent = box("cadran:sent");
  if (!signedIn) box("cadran:login", "1");
  else if (sent) {
    const again = [...document.querySelectorAll("form[data-keep]")].find((form) => `cadran:keep:${form.dataset.keep}` === sent);
    const refused = again?.querySelector(".error-summary, .conflict");
    if (!refused && !(again && box("cadran:login"))) box(sent, null);
    box("cadran:sent", null);
    box("cadran:login", null);
  }
  document.querySelectorAll("form[data-keep]").forEach(arm);
  const resent = box("cadran:resent"), region = document.getElementById("status");
  if (resent && region) {
    box("cadran:resent", null);
    const toast = document.createElement("div");
    toast.className = "toast";
    toast.textContent = region.dataset.resent.replace("{}", resent);
    region.append(toast);
  }
})();
