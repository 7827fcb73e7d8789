"use strict";

/* Keys for those who read many stories a day. Everything they do can be done without them. */
(() => {
  const help = document.getElementById("keys");
  const button = document.querySelector("[data-help]");
  const list = document.querySelector("[data-items]") ?? document;
  const items = () => [...list.querySelectorAll("[data-item]")].filter((item) => item.checkVisibility());

  function move(step) {
    const all = items();
    const here = all.indexOf(document.activeElement.closest("[data-item]"));
    const next = all[here < 0 ? (step > 0 ? 0 : all.length - 1) : here + step];
    if (!next) return;
    next.tabIndex = -1;
    next.focus();
  }

  function open() {
    document.activeElement.closest("[data-item]")?.querySelector("[data-open]")?.click();
  }

  const actions = {
    j: () => move(1),
    k: () => move(-1),
    o: open,
    "/": () => document.getElementById("seek")?.focus(),
    "?": () => help.showModal(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || help.open) return;
    if (event.target.closest("input, select, textarea, [contenteditable]")) return;
    const act = actions[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  const slider = document.getElementById("minute");
  const shown = document.querySelector("[data-minute]");
  slider?.addEventListener("input", () => {
    const at = new Date(slider.value * 60000).toISOString();
    shown.value = slider.value === slider.max ? "now" : `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;
    slider.setAttribute("aria-valuetext", shown.value);
  });

  function tellLocalTimes(part) {
    for (const time of part.querySelectorAll("time[datetime]")) {
      time.title = `${new Date(time.dateTime).toLocaleString()} where you are`;
    }
  }

  document.addEventListener("htmx:load", (event) => tellLocalTimes(event.detail.elt));
  tellLocalTimes(document);

  button.hidden = false;
  button.addEventListener("click", () => help.showModal());
})();
