// What HTML and htmx cannot do alone: nothing typed is lost on the way out, and the keyboard reaches everything.
(() => {
  "use strict";
  const $ = (selector, from = document) => from.querySelector(selector);
  const offer = () => $("#offer");
  const dirty = new Map(); // field name → text typed but not yet acknowledged by the desk
  let typedAt = 0;

  const isAnswer = (element) => element?.name?.includes(".") && element.form === offer();
  const textOf = (element) => (element.type === "radio" ? $(`[name="${CSS.escape(element.name)}"]:checked`)?.value ?? "" : element.value);

  document.addEventListener("input", (event) => {
    if (!isAnswer(event.target)) return;
    dirty.set(event.target.name, textOf(event.target));
    typedAt = performance.now();
  }, true);
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submit]")) event.target.form.submit();
    if (!isAnswer(event.target) && event.target !== offer() && event.target.closest("#offer")) event.stopPropagation(); // of what to add
  }, true);

  // A request from the form carries what has been typed and the pressed button, not the whole page. Requests go one
  // after another: `asked` is what the last one carries of each field, `underWay` counts those not yet answered.
  const asked = new Map();
  let underWay = 0, retrying = false;
  document.addEventListener("htmx:config:request", (event) => {
    const ctx = event.detail.ctx, request = ctx.request;
    if (!request.form || request.form !== offer()) return;
    const news = [...dirty].some(([name, text]) => asked.get(name) !== text);
    if (ctx.sourceElement === offer() && !news && !retrying) return event.preventDefault();
    for (const name of [...request.body.keys()]) {
      if (name.includes(".") && !dirty.has(name)) request.body.delete(name);
    }
    for (const [name, text] of dirty) { request.body.set(name, text); asked.set(name, text); }
    if (retrying) request.headers["SC-By-Itself"] = "1"; // the desk takes nobody to be here for it
    ctx.sent = new Map(dirty);
    underWay++;
  });
  document.addEventListener("htmx:after:request", (event) => {
    const ctx = event.detail.ctx;
    if (!ctx.sent) return;
    const ok = ctx.response?.raw?.ok;
    if (ok) acknowledge(ctx.sent);
    failed(!ok, ctx.response?.raw?.headers);
  });
  document.addEventListener("htmx:error", (event) => { if (event.detail.ctx?.sent) failed(true); });
  document.addEventListener("htmx:finally:request", (event) => {
    const sent = event.detail.ctx.sent;
    if (!sent) return;
    underWay--;
    for (const [name, text] of sent) if (asked.get(name) === text) asked.delete(name);
  });

  const known = new Map(); // field name → text that the desk has acknowledged
  function acknowledge(sent) {
    for (const [name, text] of sent) {
      known.set(name, text);
      if (dirty.get(name) === text) dirty.delete(name);
    }
  }

  // What was typed before this script listened counts too.
  function catchUp() {
    const fields = offer() ? [...offer().elements].filter(isAnswer) : [];
    for (const field of fields) if (typedInto(field)) dirty.set(field.name, textOf(field));
    if (dirty.size) htmx.trigger(offer(), "change");
  }
  function typedInto(field) {
    if (field.type === "radio") return field.checked && !field.defaultChecked;
    if (field.tagName !== "SELECT") return field.value !== field.defaultValue;
    const first = [...field.options].find((option) => option.defaultSelected) ?? field.options[0];
    return Boolean(first) && !first.selected;
  }

  // What could not be saved stays on the page and is sent again until it is saved.
  let again = 0;
  function failed(yes, told) {
    const message = $("#save-failed");
    if (message) {
      message.hidden = !yes;
      $("[data-why]", message).textContent = decodeURIComponent(told?.get("SC-Why") ?? "");
      $("[data-repair]", message).hidden = !told?.has("SC-Damaged");
    }
    clearTimeout(again);
    if (yes) again = setTimeout(retry, 2000);
  }
  function retry() {
    if (!offer()) return;
    retrying = true;
    htmx.trigger(offer(), "change");
    retrying = false;
  }

  // A change that came in the moment in which htmx was not listening yet waits for no other one.
  setInterval(() => {
    if (dirty.size && !underWay && $("#save-failed")?.hidden && performance.now() - typedAt > 1500) retry();
  }, 1000);

  // Everything typed is saved before the page is left: first what is under way, then what is not.
  window.savedBeforeLeaving = flush;
  async function flush() {
    for (let waited = 0; underWay > 0 && waited < 5000; waited += 25) await new Promise((go) => setTimeout(go, 25));
    if (!dirty.size || !offer()) return true;
    const sent = new Map(dirty);
    try {
      const answer = await fetch(offer().getAttribute("hx-post"), {method: "POST", body: new URLSearchParams([...sent]), headers: {"HX-Request": "true"}, keepalive: true});
      if (answer.ok) acknowledge(sent);
      return answer.ok;
    } catch {
      return false;
    }
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || !dirty.size || event.ctrlKey || event.metaKey || event.shiftKey || link.getAttribute("href").startsWith("#")) return;
    event.preventDefault();
    flush().then((saved) => (saved ? location.assign(link.href) : failed(true)));
  });
  // The offer's own form takes its fields along; any other form, and a step back, waits until they are saved.
  document.addEventListener("submit", (event) => {
    const takesAlong = event.target === offer() && !event.submitter?.matches("[data-step]");
    if (!dirty.size || takesAlong) return;
    event.preventDefault();
    const form = event.target, button = event.submitter;
    flush().then((saved) => (saved ? form.requestSubmit(button) : failed(true)));
  });
  function leave() {
    if (dirty.size && offer()) navigator.sendBeacon(offer().getAttribute("hx-post"), new URLSearchParams([...dirty]));
  }
  addEventListener("pagehide", leave);
  // The desktop window asks before it closes and reads from `data-leaving` how far the saving is.
  document.addEventListener("desk:leaving", (event) => {
    event.preventDefault();
    const state = document.documentElement.dataset;
    state.leaving = "saving";
    flush().then((saved) => { state.leaving = saved ? "done" : "failed"; failed(!saved); });
  });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") leave(); });

  // Never write over a field that has been typed into since: it only learns how the desk would write it, and shows
  // that once it is left. A choice made by hand shows only what its properties say, so they follow the attributes.
  htmx.registerExtension("desk", {
    htmx_before_morph_attr: (element, {attrName, newValue}) => {
      const owner = element.closest("select") ?? element;
      const shown = {selected: "OPTION", checked: "INPUT"}[attrName] === element.tagName;
      if (shown && !dirty.has(owner.name)) element[attrName] = newValue !== null;
      if (attrName !== "value" || element !== owner || !dirty.has(element.name)) return true;
      element.setAttribute("value", newValue);
      return false;
    },
  });
  document.addEventListener("focusout", (event) => {
    const left = event.target;
    if (isAnswer(left) && left.matches('input:not([type="radio"])') && !dirty.has(left.name) && known.get(left.name) === left.value) left.value = left.defaultValue;
  });

  document.addEventListener("htmx:after:swap", () => {
    const row = $("#focus-next")?.dataset.row;
    if (!row) return;
    delete $("#focus-next").dataset.row;
    $(`#R-${CSS.escape(row)} :is(input, select):not([type="hidden"])`)?.focus();
  });

  // A pressed button may vanish with what it mended or removed: the keyboard goes on at the field or at the next row.
  let goOn = [];
  document.addEventListener("click", (event) => {
    const button = event.target.closest("#offer button");
    const place = button?.closest('[id^="E-"], [id^="F-"], [id^="R-"]');
    const near = [place?.id.replace("E-", ""), place?.id, place?.nextElementSibling?.id, place?.previousElementSibling?.id, "add-code", "sh"];
    goOn = button ? near : [];
  }, true);
  document.addEventListener("htmx:after:swap", () => {
    if (document.activeElement !== document.body) return;
    for (const id of goOn) {
      const found = id && document.getElementById(id);
      const field = found?.matches("tbody, fieldset") ? $("input, select", found) : found;
      field?.focus();
      if (field && field === document.activeElement) return;
    }
  });

  document.addEventListener("click", (event) => { if (event.target.closest("[data-print]")) print(); });

  // What support asks for goes to the clipboard; where there is none, the link leads to the text itself.
  document.addEventListener("click", (event) => {
    const copies = event.target.closest("[data-copy]");
    if (!copies || !navigator.clipboard) return;
    event.preventDefault();
    navigator.clipboard.writeText(copies.dataset.copy).then(
      () => { $("span", copies).textContent = copies.dataset.done; },
      () => { if (copies.href) location.assign(copies.href); else getSelection().selectAllChildren($("#report")); },
    );
  });

  // A page reached by keyboard goes on where its own part begins: the next Tab is there, not at the bar above it.
  let byKeys = "";
  document.addEventListener("keydown", () => { byKeys = "1"; }, true);
  document.addEventListener("pointerdown", () => { byKeys = ""; }, true);
  document.addEventListener("click", (event) => {
    if (event.target.closest("a[href], button")) sessionStorage.setItem("by-keys", byKeys);
  }, true);
  function beginning() {
    if (sessionStorage.getItem("by-keys") !== "1") return null;
    const place = $("#left-h") ?? $("#sh") ?? $("tr[data-document][aria-selected]") ?? $("main h1");
    if (place && !place.hasAttribute("tabindex")) place.tabIndex = -1;
    return place;
  }
  function focusTarget() {
    const id = location.hash.slice(1);
    const target = (id && document.getElementById(id)) || $("[data-focus]") || $("main [autofocus]") || beginning();
    sessionStorage.removeItem("by-keys");
    if (target && id !== "obsah") target.focus({preventScroll: target.matches("h1, h2, .msg")}); // these begin the page
  }

  // The list: one tab stop, arrows between rows, Enter or F2 or double click edits.
  const rows = () => [...document.querySelectorAll("tr[data-document]")];
  const edit = () => $("#toolbar [data-edit]")?.click();
  function choose(row) {
    for (const each of rows()) { each.removeAttribute("aria-selected"); each.tabIndex = -1; }
    row.setAttribute("aria-selected", "true");
    row.tabIndex = 0;
  }
  function enterList() {
    const all = rows();
    for (const row of all) { row.tabIndex = -1; for (const link of row.querySelectorAll("a")) link.tabIndex = -1; }
    const first = all.find((row) => row.hasAttribute("aria-selected")) ?? all[0];
    if (first) first.tabIndex = 0;
  }
  document.addEventListener("click", (event) => {
    const row = event.target.closest("tr[data-document]");
    if (!row || event.target.closest("a[data-go]")) return;
    if (event.target.closest("a") && !event.ctrlKey) event.preventDefault();
    choose(row);
    row.focus({preventScroll: true});
  });
  document.addEventListener("dblclick", (event) => {
    const row = event.target.closest("tr[data-document]");
    if (row) editRow(row);
  });
  function editRow(row) {
    if ($("#toolbar")?.dataset.document === row.dataset.document) return edit();
    document.addEventListener("htmx:after:swap", edit, {once: true});
  }

  // A text that is being typed has its own undo; the document's begins where the field is as it was found.
  let found = null;
  document.addEventListener("focusin", (event) => { found = isText(event.target) ? event.target.value : null; });
  const isText = (element) => element.matches?.("textarea, input:not([type=radio], [type=checkbox])") ?? false;
  const isTyping = (element) => isText(element) && element.value !== found;
  function stepOf(event) {
    if (!event.ctrlKey || event.altKey || !offer() || isTyping(event.target)) return null;
    const key = event.key.toLowerCase();
    if (key === "z") return $(`[data-step="${event.shiftKey ? "redo" : "undo"}"]`);
    return key === "y" && !event.shiftKey ? $('[data-step="redo"]') : null;
  }

  document.addEventListener("keydown", (event) => {
    const at = event.target, step = stepOf(event);
    if ("shortcutsOff" in document.body.dataset && (event.ctrlKey || event.altKey || event.key === "F2")) return;
    if (step) {
      event.preventDefault();
      step.click();
    } else if (event.ctrlKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      if ($("#q")) $("#q").focus(); else location.assign("/documents");
    } else if (event.ctrlKey && event.key === "Enter") {
      ($("[data-complete]") ?? $("[data-check]"))?.click();
    } else if (event.altKey && /^[0-9]$/.test(event.key)) {
      event.preventDefault();
      $(`[data-section="${event.key === "0" ? 10 : event.key}"]`)?.click();
    } else if (event.key === "F2" && $("#toolbar [data-edit]")) {
      edit();
    } else if (at.matches?.("tr[data-document]")) {
      inList(event, at);
    } else if (event.key === "Enter" && isAnswer(at) && at.tagName === "INPUT") {
      event.preventDefault();
      nextField(at);
    } else if (event.key === "Escape") {
      $("details.menu[open]")?.removeAttribute("open");
    }
  });
  function inList(event, row) {
    const all = rows();
    const step = {ArrowDown: 1, ArrowUp: -1}[event.key];
    if (step) {
      event.preventDefault();
      all[all.indexOf(row) + step]?.click();
    } else if (event.key === "Enter") {
      event.preventDefault();
      if ($("#toolbar")?.dataset.document === row.dataset.document) edit();
      else { row.click(); editRow(row); }
    }
  }
  function nextField(from) {
    const all = [...offer().querySelectorAll('input:not([type="hidden"]), select, button.pri')].filter((each) => each.getClientRects().length && !each.disabled);
    const next = all[all.indexOf(from) + 1];
    if (next) { next.focus(); next.select?.(); } else from.blur();
  }

  // The filter of unanswered fields is a matter of style alone; it stays on from one section of the document to the next.
  const onlyMissing = () => $("#only-missing");
  document.addEventListener("change", (event) => {
    if (event.target === onlyMissing()) sessionStorage.setItem("only-missing", event.target.checked ? offer().dataset.document : "");
  }, true);

  addEventListener("DOMContentLoaded", () => {
    if (onlyMissing()) onlyMissing().checked = sessionStorage.getItem("only-missing") === offer().dataset.document;
    enterList(); focusTarget(); catchUp();
  });
  document.addEventListener("htmx:after:swap", (event) => { if (!$("tr[data-document][tabindex='0']")) enterList(); });
})();
