// Buttons that copy a text of the page. Where the browser cannot, they stay hidden and the text is there to be selected.
"use strict";

for (const button of navigator.clipboard ? document.querySelectorAll("[data-copies]") : []) {
  const label = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copies).textContent.trim());
    button.textContent = button.dataset.done;
    setTimeout(() => { button.textContent = label; }, 4000);
  });
}
