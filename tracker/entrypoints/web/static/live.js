"use strict";

/* Says how much has come since the page was loaded. It never moves what is being read: the bar lies over the lower edge
   of the window, where room is kept for it. */
(() => {
  const bar = document.querySelector("[data-live]");
  if (!bar || !window.EventSource) return;
  const told = bar.querySelector("p");
  let events;

  function tell(event) {
    const { new: number, more } = JSON.parse(event.data);
    bar.classList.toggle("some", number > 0);
    const shown = document.createElement("a");
    shown.href = location.pathname;
    shown.textContent = "show";
    told.replaceChildren(...(number ? [`${number}${more ? "+" : ""} new, `, shown] : []));
  }

  /* A browser has few connections to one host: a page that nobody looks at leaves its own to the others. */
  function follow() {
    if (document.hidden || events) return;
    events = new EventSource(bar.dataset.live);
    events.addEventListener("new", tell);
  }

  function leave() {
    events?.close();
    events = undefined;
  }

  document.addEventListener("visibilitychange", () => (document.hidden ? leave() : follow()));
  addEventListener("pagehide", leave);
  addEventListener("pageshow", follow);
  follow();
})();
