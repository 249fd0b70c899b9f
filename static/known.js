// Known persons under the field where one is typed in (ARIA combobox): ↓ ↑ choose, Enter fills, Esc closes. What is
// typed goes to the desk in the body of a request; nothing is filled before it is chosen.
(() => {
  "use strict";
  const box = () => document.getElementById("known");
  const isField = (element) => element?.matches?.("input[data-known]") && box();
  let field = null, timer = 0, asked = 0, active = -1;

  const personOf = (input) => input.name.slice(0, input.name.lastIndexOf("."));
  const textOf = (person, name) => document.getElementsByName(`${person}.${name}`)[0]?.value ?? "";

  async function ask(input) {
    const number = ++asked, person = personOf(input), body = new URLSearchParams({person});
    for (const name of ["last_name", "first_name", "birth_number"]) body.set(name, textOf(person, name));
    try {
      const answer = await fetch(box().dataset.ask, {method: "POST", body, headers: {"HX-Request": "true"}});
      const found = answer.ok ? await answer.json() : {rows: [], said: ""};
      if (number === asked && document.activeElement === input) show(input, found);
    } catch {
      close();
    }
  }

  function show(input, {rows, said}) {
    close();
    if (!rows.length) return;
    field = input;
    box().replaceChildren(...rows.map(option));
    place();
    input.setAttribute("aria-expanded", "true");
    document.getElementById("known-said").textContent = said;
  }
  function option({key, name, about}, index) {
    const row = document.createElement("li"), more = document.createElement("span");
    row.id = `known-${index}`;
    row.setAttribute("role", "option");
    row.setAttribute("aria-selected", "false");
    row.dataset.key = key;
    more.textContent = about;
    row.append(name, " ", more);
    return row;
  }
  function place() {
    const list = box(), around = list.offsetParent ?? list.form ?? document.getElementById("offer");
    list.hidden = false;
    const outer = around.getBoundingClientRect(), inner = field.getBoundingClientRect();
    list.style.top = `${inner.bottom - outer.top + 2}px`;
    list.style.left = `${Math.max(0, Math.min(inner.left - outer.left, outer.width - list.offsetWidth))}px`;
  }
  function close() {
    clearTimeout(timer);
    if (!box() || box().hidden) return;
    box().hidden = true;
    document.getElementById("known-said").textContent = "";
    field?.setAttribute("aria-expanded", "false");
    field?.removeAttribute("aria-activedescendant");
    field = null;
    active = -1;
  }
  function move(step) {
    const rows = [...box().children];
    rows[active]?.setAttribute("aria-selected", "false");
    active = (active + step + rows.length + (active < 0 && step < 0 ? 1 : 0)) % rows.length;
    rows[active].setAttribute("aria-selected", "true");
    rows[active].scrollIntoView({block: "nearest"});
    field.setAttribute("aria-activedescendant", rows[active].id);
  }
  function choose(row) {
    const fill = document.getElementById("fill"), id = field.id, typed = field.value;
    // The field that has the focus is never written over: here it is what was asked for, unless one goes on typing.
    document.addEventListener("htmx:after:swap", () => {
      const input = document.getElementById(id);
      if (input?.value === typed) input.value = input.defaultValue;
    }, {once: true});
    fill.value = `${personOf(field)}|${row.dataset.key}`;
    asked++;
    close();
    fill.click();
  }

  document.addEventListener("input", (event) => {
    if (!isField(event.target)) return;
    clearTimeout(timer);
    asked++;
    timer = setTimeout(() => ask(event.target), 150);
  });
  document.addEventListener("keydown", (event) => {
    if (!isField(event.target)) return;
    const step = {ArrowDown: 1, ArrowUp: -1}[event.key];
    if (!field) {
      if (event.key === "ArrowDown" && !event.altKey) { event.preventDefault(); ask(event.target); }
      return;
    }
    if (step) move(step);
    else if (event.key === "Enter" && active >= 0) choose(box().children[active]);
    else if (event.key === "Escape") close();
    else { if (event.key === "Tab" || event.key === "Enter") close(); return; }
    event.preventDefault();
    event.stopPropagation();
  }, true);
  document.addEventListener("pointerdown", (event) => {
    const row = event.target.closest?.("#known li");
    if (!row) return event.target === field || close();
    event.preventDefault(); // the field keeps the focus, so that leaving it saves nothing in between
    choose(row);
  });
  document.addEventListener("focusout", (event) => { if (event.target === field) close(); });
})();
