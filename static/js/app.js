/* Registre: enhancements only; every page works without this file. */
(() => {
	"use strict";
	const doc = document, body = doc.body, root = doc.documentElement;
	const $ = (selector, scope = doc) => scope.querySelector(selector);
	const $$ = (selector, scope = doc) => [...scope.querySelectorAll(selector)];
	const csrf = () => $('meta[name="csrf-token"]')?.content || "";
	const post = (url, data) => fetch(url, { method: "POST", body: data, headers: { "X-CSRFToken": csrf(), "X-Requested-With": "fetch" } });
	const visible = (element) => element.getClientRects().length > 0;
	const typing = (element) => element.matches("textarea, select, [contenteditable], input:not([type=radio], [type=checkbox], [type=button], [type=submit])");
	const singleKeys = () => body.dataset.singleKeys !== "off";

	/* Status region: a toast stays 8 s or until dismissed. */
	const region = () => doc.getElementById("status");
	const say = (text) => {
		const toast = doc.createElement("div");
		toast.className = "toast";
		toast.textContent = text;
		region()?.append(toast);
	};
	const armToasts = () => $$(".toast:not([data-armed])", region() || doc).forEach((toast) => {
		toast.dataset.armed = "1";
		let timer = setTimeout(() => toast.remove(), 8000);
		["pointerenter", "focusin"].forEach((name) => toast.addEventListener(name, () => clearTimeout(timer)));
		toast.addEventListener("pointerleave", () => { timer = setTimeout(() => toast.remove(), 8000); });
	});
	if (region()) new MutationObserver(armToasts).observe(region(), { childList: true, subtree: true });

	/* Dialogs: data-dialog="id" opens, focus returns to the opener. */
	const open = (dialog, opener) => {
		if (!dialog || dialog.open) return;
		dialog.addEventListener("close", () => opener?.isConnected && opener.focus(), { once: true });
		dialog.showModal();
	};
	doc.addEventListener("click", (event) => {
		const target = event.target.closest("[data-dialog], [data-close], [data-dismiss], [data-extend-session], [data-help]");
		$$("details[data-menu][open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
		if (!target) return;
		if (target.dataset.dialog) { const dialog = doc.getElementById(target.dataset.dialog); if (dialog?.showModal) { event.preventDefault(); open(dialog, target); } }
		if ("close" in target.dataset) target.closest("dialog")?.close();
		if ("dismiss" in target.dataset) target.closest(".toast, .notice")?.remove();
		if ("extendSession" in target.dataset) post(body.dataset.extendUrl).then(armSession);
	});

	/* Theme: at once, then remembered by the session. */
	$("[data-theme-form]")?.addEventListener("submit", (event) => {
		const button = event.submitter;
		if (!button) return;
		event.preventDefault();
		if (button.value === "auto") delete root.dataset.theme; else root.dataset.theme = button.value;
		$$("button[name=theme]", event.target).forEach((one) => one.setAttribute("aria-pressed", one === button));
		const data = new FormData(event.target);
		data.set("theme", button.value);
		post(event.target.action, data);
	});

	/* Session: warned five minutes before it ends. */
	let sessionTimer;
	function armSession() {
		clearTimeout(sessionTimer);
		const idle = Number(body.dataset.idleSeconds || 0);
		if (idle > 300) sessionTimer = setTimeout(() => open($("#session-warning"), doc.activeElement), (idle - 300) * 1000);
	}
	armSession();

	/* Counters, changed fields. */
	const valueOf = (element) => {
		if (element.matches(".segmented")) return $("input:checked", element)?.value ?? "";
		if (element.type === "checkbox") return element.checked ? "True" : "False";
		return element.multiple ? [...element.selectedOptions].map((one) => one.value).join(",") : element.value;
	};
	const count = (element) => {
		const shown = $(`[data-counter-for="${element.id}"]`), limit = Number(element.dataset.counter);
		if (!shown) return;
		const used = [...element.value].length, strong = doc.createElement("b");

		strong.textContent = used;
		shown.replaceChildren(strong, ` / ${limit}`);
		shown.classList.toggle("is-over", used > limit);
	};
	const mark = (form) => {
		const plain = (text) => text.replace(/\r\n/g, "\n");
		const tracked = $$("[data-initial]", form), bearer = (one) => one.closest("[data-modified-row]") || one;
		const changed = tracked.filter((one) => plain(valueOf(one)) !== plain(one.dataset.initial));
		tracked.forEach((one) => bearer(one).classList.remove("is-modified"));
		changed.forEach((one) => bearer(one).classList.add("is-modified"));
		$$("[data-modified-count]").forEach((shown) => { shown.textContent = changed.length; shown.closest("p").hidden = !changed.length; });
	};

	/* Autosave: two seconds after the last key, at once when the page is left before that. */
	const autosave = (form) => {
		clearTimeout(form.saving);
		form.saving = setTimeout(async () => {
			form.saving = 0;
			const shown = $("[data-autosave-state]");
			try {
				const answer = await post(form.dataset.autosaveUrl, new FormData(form));
				if (!answer.ok || answer.redirected) throw new Error(answer.status);
				const json = answer.headers.get("Content-Type")?.includes("json");
				const text = json ? (await answer.json()).message : await answer.text();
				if (shown) shown.textContent = text || shown.dataset.saved || "";
			} catch {
				if (shown) shown.textContent = shown.dataset.failed || "";
			}
		}, 2000);
	};
	doc.addEventListener("input", (event) => {
		const element = event.target, form = element.form;
		if (element.dataset?.counter) count(element);
		if (!form) return;
		if ($("[data-initial]", form)) mark(form);
		if (form.dataset.autosaveUrl) autosave(form);
	});
	doc.addEventListener("submit", (event) => { clearTimeout(event.target.saving); event.target.saving = 0; });
	addEventListener("pagehide", () => $$("form[data-autosave-url]").forEach((form) => {
		if (form.saving) navigator.sendBeacon(form.dataset.autosaveUrl, new FormData(form));
		form.saving = 0;
	}));

	/* Keys, by their place on the keyboard: digits need Shift on AZERTY. */
	const rows = (list) => $$("[data-row]", list).filter(visible);
	const rowLink = (row) => row.matches("a") ? row : $("[data-open], a[href]", row);
	const step = (list, by) => {
		const all = rows(list), at = all.findIndex((row) => row.contains(doc.activeElement));
		const next = all[Math.min(Math.max(at + by, 0), all.length - 1)];
		if (next) (rowLink(next) || next).focus();
	};
	const submit = (form) => { if (form.requestSubmit) form.requestSubmit($("[data-submit], .btn-primary[type=submit], button.btn-primary", form) || undefined); };
	doc.addEventListener("keydown", (event) => {
		const at = event.target, key = event.key;
		if (event.isComposing || event.defaultPrevented) return;
		if ((event.ctrlKey || event.metaKey) && !event.altKey && key.toLowerCase() === "k") {
			const search = $("[data-search]");
			if (search) { event.preventDefault(); search.focus(); search.select(); }
			return;
		}
		if ((event.ctrlKey || event.metaKey) && key === "Enter") {
			const form = at.form || at.closest("form") || $("form[data-main]");
			if (form) { event.preventDefault(); submit(form); }
			return;
		}
		if (event.altKey && !event.ctrlKey && !event.metaKey) {
			const hook = $$(`[data-key="alt+${event.code.replace(/^Key/, "").toLowerCase()}"]`).find(visible);
			if (hook) { event.preventDefault(); hook.click(); }
			return;
		}
		if (event.ctrlKey || event.metaKey || event.altKey) return;
		if (key === "Escape") {
			const menus = $$("details[data-menu][open]");
			menus.forEach((menu) => { menu.open = false; $("summary", menu)?.focus(); });
			const undo = menus.length || at.closest("dialog") ? null : $('[data-key="escape"]', at.closest("[data-row]") || doc.createElement("i"));
			if (undo) { event.preventDefault(); undo.click(); }
			return;
		}
		const group = at.closest("[data-digits]");
		if (group && /^(Digit|Numpad)[1-9]$/.test(event.code)) {
			const choice = $$("input[type=radio]", group)[Number(event.code.slice(-1)) - 1];
			if (choice) { event.preventDefault(); choice.focus(); choice.click(); }
			return;
		}
		if (!singleKeys() || typing(at)) return;
		if (key === "?" && $("#shortcuts")) { event.preventDefault(); open($("#shortcuts"), at); return; }
		const list = at.closest("[data-list]");
		if (!list) return;
		if (event.code === "KeyJ" || event.code === "KeyK") { event.preventDefault(); step(list, event.code === "KeyJ" ? 1 : -1); return; }
		if (key === "Enter" && at.matches("[data-row], [data-list]")) { const link = rowLink(at.closest("[data-row]") || list); if (link) { event.preventDefault(); link.click(); } return; }
		const wanted = `[data-key="${event.code.replace(/^(Key|Digit)/, "").toLowerCase()}"]`, row = at.closest("[data-row]");
		const hook = (row && $(wanted, row)) || $$(wanted, list).find((one) => !row || !one.closest("[data-row]"));
		if (!hook) return;
		event.preventDefault();
		hook.click();
		if (hook.matches("summary") && hook.parentElement.open) $("select, input", hook.parentElement)?.focus();
	});

	/* Rows chosen: how many, and all of them at once. */
	const picks = (form) => $$(`input[type=checkbox][form="${form.id}"]`);
	const countPicks = (form) => {
		const all = picks(form), chosen = all.filter((one) => one.checked), every = $("[data-pick-all] input", form);
		$("[data-picked]", form).textContent = chosen.length;
		every.checked = chosen.length > 0 && chosen.length === all.length;
		every.indeterminate = chosen.length > 0 && chosen.length < all.length;
	};
	doc.addEventListener("change", (event) => {
		const form = event.target.form;
		if (!form || !$("[data-picked]", form)) return;
		if (event.target.closest("[data-pick-all]")) picks(form).forEach((one) => { one.checked = event.target.checked; });
		countPicks(form);
	});

	/* htmx: token, slow requests, focus after a swap. */
	doc.addEventListener("htmx:configRequest", (event) => { event.detail.headers["X-CSRFToken"] = csrf(); });
	const slow = new WeakMap();
	doc.addEventListener("htmx:beforeRequest", (event) => {
		const target = event.detail.target || event.target;
		slow.set(event.detail.xhr, setTimeout(() => target.setAttribute("aria-busy", "true"), 400));
		target.focusInside = target.contains(doc.activeElement);
	});
	doc.addEventListener("htmx:afterRequest", (event) => {
		clearTimeout(slow.get(event.detail.xhr));
		(event.detail.target || event.target).removeAttribute("aria-busy");
		armSession();
	});
	doc.addEventListener("htmx:afterSettle", (event) => {
		const area = event.detail.elt;
		prepare(area);
		const lost = doc.activeElement === body;
		const place = $("[data-focus]", area) || (lost && event.detail.target?.focusInside && $("h1, h2, h3, [data-row] a", area));
		if (place) { if (!place.matches("a, button, input, [tabindex]")) place.tabIndex = -1; place.focus(); }
	});
	["htmx:responseError", "htmx:sendError"].forEach((name) => doc.addEventListener(name, (event) => {
		const status = event.detail.xhr?.status;
		const reference = event.detail.xhr?.getResponseHeader?.("X-Request-ID");
		say(`${region()?.dataset.failed || ""} ${status || ""} ${reference || ""}`.trim());
	}));

	function prepare(scope) {
		$$("[data-counter]", scope).forEach(count);
		$$("form", scope).concat(scope.closest?.("form") || []).forEach((form) => { if ($("[data-initial]", form)) mark(form); });
		$$("[data-auto-submit] select, [data-auto-submit] input[type=checkbox]", scope).forEach((input) => input.addEventListener("change", () => input.form.requestSubmit()));
		$$("[data-pick-all]", scope).forEach((label) => { label.hidden = false; countPicks(label.closest("form")); });
		$$("[data-print]", scope).forEach((button) => { button.hidden = false; button.addEventListener("click", () => print()); });
	}
	prepare(doc);
	armToasts();
	$("main [data-focus]")?.focus();
})();
