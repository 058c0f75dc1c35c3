// Suggestions under a search box while somebody types. The box names the address that answers with a list of options
// (data-suggest); without this script, or when no answer comes, it is a search box like any other.
// Keys as in the combobox pattern of the WAI-ARIA Authoring Practices: arrows choose, Enter follows what is chosen and
// searches where nothing is, Escape closes.
(function () {
  const WAIT = 150; // milliseconds without a key before the server is asked

  function attend(box) {
    const list = document.createElement("div");
    list.className = "suggestions";
    list.hidden = true;
    const spoken = document.createElement("p");
    spoken.className = "visually-hidden";
    spoken.setAttribute("role", "status");
    box.after(list);
    box.parentElement.after(spoken);
    box.setAttribute("role", "combobox");
    box.setAttribute("aria-autocomplete", "list");

    let asking = null, timer = 0, options = [], chosen = -1;

    function choose(number) {
      if (options[chosen]) options[chosen].setAttribute("aria-selected", "false");
      chosen = number;
      if (options[chosen]) {
        options[chosen].setAttribute("aria-selected", "true");
        options[chosen].scrollIntoView({ block: "nearest" });
        box.setAttribute("aria-activedescendant", options[chosen].id);
      } else {
        box.removeAttribute("aria-activedescendant");
      }
    }

    function open(isOpen) {
      const shown = isOpen && options.length > 0;
      choose(-1);
      list.hidden = !shown;
      box.setAttribute("aria-expanded", String(shown));
      if (shown) box.setAttribute("aria-controls", "suggestions");
      else box.removeAttribute("aria-controls");
    }

    function forget() {
      clearTimeout(timer);
      if (asking) asking.abort();
      asking = null;
      options = [];
      spoken.textContent = "";
      open(false);
    }

    function show(html) {
      list.innerHTML = html;
      options = [...list.querySelectorAll("[role=option]")];
      const count = list.querySelector("p");
      spoken.textContent = count ? count.textContent.trim() : "";
      if (count) count.remove();
      open(document.activeElement === box);
    }

    function ask() {
      if (asking) asking.abort();
      const mine = asking = new AbortController();
      fetch(`${box.dataset.suggest}?q=${encodeURIComponent(box.value)}`, { signal: mine.signal })
        .then((answer) => (answer.ok ? answer.text() : ""))
        .then((html) => { if (mine === asking) show(html); })
        .catch(() => { if (mine === asking) forget(); }); // the search itself still works
    }

    box.addEventListener("input", function () {
      clearTimeout(timer);
      if (box.value.trim()) timer = setTimeout(ask, WAIT);
      else forget();
    });
    box.addEventListener("keydown", function (event) {
      if (event.isComposing) return;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step && options.length) {
        event.preventDefault();
        if (list.hidden) open(true);
        // From the box itself (-1) to the last option and round again.
        const places = options.length + 1;
        choose((chosen + 1 + step + places) % places - 1);
      } else if (event.key === "Enter" && !list.hidden && options[chosen]) {
        event.preventDefault();
        options[chosen].click();
      } else if (event.key === "Escape" && !list.hidden) {
        event.preventDefault(); // a second Escape empties the box, as browsers do
        open(false);
      }
    });
    list.addEventListener("mousedown", (event) => event.preventDefault()); // the focus stays in the box
    box.addEventListener("blur", () => { clearTimeout(timer); open(false); });
    box.form.addEventListener("submit", forget);
    addEventListener("pageshow", forget); // the page may come back as it was left
    open(false);
  }

  document.querySelectorAll("input[data-suggest]").forEach(attend);
})();
