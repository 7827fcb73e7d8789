"use strict";

/* Keys: they press the buttons of the finding that has the focus. j and k, which move it, are the site's. */
(() => {
  const again = document.querySelector("[data-again]");
  const said = document.querySelector(".said");

  /* A message is only read out when it comes after the page. */
  function tell(words) {
    said.textContent = "";
    const box = said.closest(".done");
    if (box) box.hidden = false;
    setTimeout(() => { said.textContent = words; }, 100);
  }

  function press(key) {
    const form = document.activeElement.closest(".case")?.querySelector(".says");
    if (!form) return false;
    const button = form.querySelector(`[data-key="${key}"]`);
    if (button) button.click();
    else tell(form.dataset.other);
    return true;
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

  /* Where the queue goes on. */
  const next = document.getElementById(location.hash.slice(1));
  if (next?.matches(".case")) next.focus();
  if (said.textContent) tell(said.textContent);
})();
