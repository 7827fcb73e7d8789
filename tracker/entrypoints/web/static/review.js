"use strict";

/* Keys of the queue: they press the buttons of the finding that has the focus. j and k, which move it, are the site's. */
(() => {
  const again = document.querySelector("[data-again]");
  const said = document.querySelector(".said");

  function press(key) {
    const here = document.activeElement.closest(".case");
    const button = here?.querySelector(`[data-key="${key}"]`);
    button?.click();
    return Boolean(button);
  }

  function reopen() {
    if (!again) return false;
    again.open = true;
    again.querySelector(".case").focus();
    return true;
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, select, textarea, dialog[open]")) return;
    if (event.key === "u" ? reopen() : /^[cx123]$/.test(event.key) && press(event.key)) event.preventDefault();
  });

  /* Where the queue goes on. A message is only read out when it comes after the page. */
  const next = document.getElementById(location.hash.slice(1));
  if (next?.matches(".case")) next.focus();
  if (said.textContent) {
    const words = said.textContent;
    said.textContent = "";
    setTimeout(() => { said.textContent = words; }, 100);
  }
})();
