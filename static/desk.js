// What HTML and htmx cannot do alone: nothing typed is lost on the way out, and the keyboard reaches everything.
(() => {
  "use strict";
  const $ = (selector, from = document) => from.querySelector(selector);
  const offer = () => $("#offer");
  const dirty = new Map(); // field name → text typed but not yet acknowledged by the desk

  const isAnswer = (element) => element?.name?.includes(".") && element.form === offer();
  const textOf = (element) => (element.type === "radio" ? $(`[name="${CSS.escape(element.name)}"]:checked`)?.value ?? "" : element.value);

  document.addEventListener("input", (event) => {
    if (isAnswer(event.target)) dirty.set(event.target.name, textOf(event.target));
  });
  document.addEventListener("change", (event) => {
    if (isAnswer(event.target)) dirty.set(event.target.name, textOf(event.target));
    else if (event.target.closest("#offer")) event.stopPropagation(); // a choice that is no answer, as of what to add
    if (event.target.matches("[data-submit]")) event.target.form.submit();
  }, true);

  // A request from the form carries what has been typed and the pressed button, not the whole page.
  document.addEventListener("htmx:config:request", (event) => {
    const request = event.detail.ctx.request;
    if (!request.form || request.form !== offer()) return;
    for (const name of [...request.body.keys()]) {
      if (name.includes(".") && !dirty.has(name)) request.body.delete(name);
    }
    for (const [name, text] of dirty) request.body.set(name, text);
    event.detail.ctx.sent = new Map(dirty);
  });
  document.addEventListener("htmx:after:request", (event) => {
    const ctx = event.detail.ctx;
    if (!ctx.sent) return;
    const ok = ctx.response?.raw?.ok;
    if (ok) for (const [name, text] of ctx.sent) if (dirty.get(name) === text) dirty.delete(name);
    failed(!ok);
  });
  document.addEventListener("htmx:error", (event) => { if (event.detail.ctx?.sent) failed(true); });

  let again = 0;
  function failed(yes) {
    const message = $("#save-failed");
    if (message) message.hidden = !yes;
    clearTimeout(again);
    if (yes) again = setTimeout(() => flush().then((saved) => { if (saved) { failed(false); location.reload(); } else failed(true); }), 3000);
  }

  function flush() {
    if (!dirty.size || !offer()) return Promise.resolve(true);
    const sent = new Map(dirty);
    const address = offer().getAttribute("hx-post") ?? offer().action;
    return fetch(address, {method: "POST", body: new URLSearchParams([...sent]), headers: {"HX-Request": "true"}, keepalive: true})
      .then((answer) => {
        if (answer.ok) for (const [name, text] of sent) if (dirty.get(name) === text) dirty.delete(name);
        return answer.ok;
      }).catch(() => false);
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || !dirty.size || event.ctrlKey || event.metaKey || link.getAttribute("href").startsWith("#")) return;
    event.preventDefault();
    flush().then((saved) => (saved ? location.assign(link.href) : failed(true)));
  });
  addEventListener("pagehide", () => {
    if (dirty.size && offer()) navigator.sendBeacon(offer().action, new URLSearchParams([...dirty]));
  });

  // Never write over a field that has been typed into since.
  htmx.registerExtension("desk", {
    htmx_before_morph_attr: (element, detail) => !(detail.attrName === "value" && dirty.has(element.name)),
  });

  document.addEventListener("htmx:after:swap", () => {
    const row = $("#focus-next")?.dataset.row;
    if (!row) return;
    delete $("#focus-next").dataset.row;
    $(`#R-${CSS.escape(row)} :is(input, select):not([type="hidden"])`)?.focus();
  });

  function focusTarget() {
    const id = location.hash.slice(1);
    const target = (id && document.getElementById(id)) || $("[data-focus]");
    if (target && id !== "obsah") target.focus({preventScroll: false});
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
    if (!row) return;
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

  document.addEventListener("keydown", (event) => {
    const at = event.target;
    if (event.ctrlKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      if ($("#q")) $("#q").focus(); else location.assign("/documents");
    } else if (event.ctrlKey && event.key === "Enter") {
      $("[data-complete]")?.click();
    } else if (event.altKey && /^[1-9]$/.test(event.key)) {
      event.preventDefault();
      $(`[data-section="${event.key}"]`)?.click();
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

  addEventListener("DOMContentLoaded", () => { enterList(); focusTarget(); });
  document.addEventListener("htmx:after:swap", (event) => { if (!$("tr[data-document][tabindex='0']")) enterList(); });
})();
