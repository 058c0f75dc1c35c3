// Makes the map of the browse page smooth. Every frame of it has an address, and the links beside it lead to the next
// ones: this script moves the picture at once, by mouse, finger, wheel or key, and then fetches the frame for where it
// stopped, as the server draws it. Whatever fails, the link is followed as if there were no script.
(function () {
  const view = document.querySelector(".map-view[data-zoom]");
  if (!view) return;

  const OCTAVE = 8; // steps of scale from one to twice as large, as in cities/maps/frames.py
  const SLACK = 6; // pixels that a pointer may tremble without dragging
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const spoken = document.createElement("p");
  spoken.className = "visually-hidden";
  spoken.setAttribute("role", "status");
  view.after(spoken);

  let map, loading = null, bound = "", shownAt = location.pathname + location.search;

  const data = (name) => Number(view.dataset[name]);
  const bounded = (least, value, most) => Math.min(Math.max(value, least), most);
  const pixelsPerUnit = () => map.clientWidth / map.querySelector("svg").viewBox.baseVal.width;

  // --- The picture: moved by dx, dy pixels and scaled round its middle -----------------------------------

  let dx = 0, dy = 0, factor = 1;

  function draw(glides) {
    for (const layer of map.children) {
      layer.classList.toggle("is-gliding", glides && !calm.matches);
      layer.style.transform = dx || dy || factor !== 1 ? `translate(${dx}px, ${dy}px) scale(${factor})` : "";
    }
  }

  function still() {
    dx = dy = 0;
    factor = 1;
  }

  // Scale by `ratio` so that what is at `from` comes to `to`; both in pixels from the middle of the map.
  function pull(from, to, ratio) {
    dx = to.x - (from.x - dx) * ratio;
    dy = to.y - (from.y - dy) * ratio;
    factor *= ratio;
  }

  function fromMiddle(x, y) {
    const box = map.getBoundingClientRect();
    return { x: x - box.left - box.width / 2, y: y - box.top - box.height / 2 };
  }

  // --- From frame to frame -------------------------------------------------------------------------------

  // The picture as the frame at `url` will show it, where the address says which frame that is.
  function preview(url) {
    const asked = new URL(url, location.href).searchParams;
    if (!asked.has("zoom") || calm.matches) return;
    factor = 2 ** ((asked.get("zoom") - data("zoom")) / OCTAVE);
    const pixelsPerKm = data("scale") * factor * pixelsPerUnit();
    dx = (data("east") - asked.get("east")) * pixelsPerKm;
    dy = (asked.get("north") - data("north")) * pixelsPerKm;
    draw(true);
  }

  function go(url, keep) {
    if (loading && bound === url) return;
    if (loading) loading.abort();
    const mine = loading = new AbortController();
    bound = url;
    preview(url);
    fetch(url, { signal: mine.signal })
      .then((answer) => (answer.ok ? answer.text() : Promise.reject(new Error(answer.status))))
      .then(function (html) {
        const page = new DOMParser().parseFromString(html, "text/html");
        const next = page.querySelector(".map-view[data-zoom]");
        // The land first, so that the map never stands without it.
        const land = new Image();
        land.src = next.querySelector(".map__land").src;
        const arrived = land.decode().catch(() => {});
        return Promise.race([arrived, new Promise((late) => setTimeout(late, 1500))]).then(() => [page, next]);
      })
      .then(function ([page, next]) {
        if (mine !== loading) return;
        loading = null;
        show(page, next);
        if (keep) history[keep](null, "", next.dataset.address);
        shownAt = location.pathname + location.search;
      })
      .catch(() => { if (mine === loading) location.assign(url); });
  }

  function show(page, next) {
    const focused = view.contains(document.activeElement) ? document.activeElement : null;
    const step = focused && focused.dataset.step;
    view.replaceChildren(...next.childNodes);
    view.className = next.className;
    Object.assign(view.dataset, next.dataset);
    still();
    attend();
    document.title = page.title;
    const elsewhere = page.querySelectorAll("a[hreflang]");
    document.querySelectorAll("a[hreflang]").forEach((link, at) => { link.href = elsewhere[at].href; });
    spoken.textContent = view.querySelector(".map-view__said").textContent;
    if (focused) ((step && view.querySelector(`[data-step="${step}"]`)) || map).focus({ preventScroll: true });
  }

  // Where the picture was let go: the nearest frame that the server has.
  function settle() {
    const zoom = bounded(data("least"), data("zoom") + 2 * Math.round(Math.log2(factor) * OCTAVE / 2), data("most"));
    const pixelsPerKm = data("scale") * factor * pixelsPerUnit();
    const grid = data("grid") / data("scale") / 2 ** ((zoom - data("zoom")) / OCTAVE);
    const middle = [data("east") - dx / pixelsPerKm, data("north") + dy / pixelsPerKm];
    const within = Math.min(1, (data("rim") - grid) / Math.hypot(...middle)); // past the rim of the world is nothing
    const [east, north] = middle.map((km) => Math.round(Math.round(km * within / grid) * grid));
    const url = new URL(view.dataset.address, location.href);
    url.searchParams.set("zoom", zoom);
    url.searchParams.set("east", east);
    url.searchParams.set("north", north);
    go(url.search, "replaceState");
  }

  // --- Mouse and fingers: one finger moves sideways, since down it scrolls the page; two move and scale ----

  const pointers = new Map();
  let start = null, hasMoved = false;

  function grip() {
    const places = [...pointers.values()];
    const x = places.reduce((sum, one) => sum + one.x, 0) / places.length;
    const y = places.reduce((sum, one) => sum + one.y, 0) / places.length;
    const apart = places.length > 1 ? Math.hypot(places[0].x - places[1].x, places[0].y - places[1].y) : 0;
    return { middle: fromMiddle(x, y), apart };
  }

  view.addEventListener("pointerdown", function (event) {
    if (!map.contains(event.target) || event.button) return;
    pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (pointers.size === 1) hasMoved = false;
    start = grip();
  });
  addEventListener("pointermove", function (event) {
    if (!pointers.has(event.pointerId)) return;
    pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    const now = grip();
    const gone = Math.hypot(now.middle.x - start.middle.x, now.middle.y - start.middle.y);
    if (!hasMoved && pointers.size === 1 && gone < SLACK) return;
    if (!hasMoved && loading) loading.abort(loading = null);
    hasMoved = true;
    map.classList.add("is-moving");
    pull(start.middle, now.middle, start.apart ? now.apart / start.apart : 1);
    draw(false);
    start = now;
  });
  function release(event) {
    if (!pointers.delete(event.pointerId)) return;
    if (pointers.size) {
      start = grip();
      return;
    }
    map.classList.remove("is-moving");
    if (hasMoved && event.type === "pointerup") settle();
    else if (hasMoved) { // the browser took it for scrolling
      still();
      draw(true);
    }
  }
  addEventListener("pointerup", release);
  addEventListener("pointercancel", release);
  view.addEventListener("dragstart", (event) => { if (map.contains(event.target)) event.preventDefault(); });

  let wheeling = 0;
  view.addEventListener("wheel", function (event) {
    if (!map.contains(event.target) || !event.ctrlKey) return;
    event.preventDefault();
    const at = fromMiddle(event.clientX, event.clientY);
    pull(at, at, Math.exp(-bounded(-100, event.deltaY, 100) / 200));
    draw(false);
    clearTimeout(wheeling);
    wheeling = setTimeout(settle, 200);
  }, { passive: false });

  // --- Links and keys ------------------------------------------------------------------------------------

  view.addEventListener("click", function (event) {
    const link = event.target.closest(".map-frame a");
    if (!link) return;
    if (hasMoved && map.contains(link)) event.preventDefault(); // the end of a drag is no click
    else if (link.getAttribute("href").startsWith("?") && !(event.ctrlKey || event.metaKey || event.shiftKey)) {
      event.preventDefault();
      go(link.getAttribute("href"), "pushState");
    }
    hasMoved = false;
  });

  const ANYWHERE = { "+": "closer", "=": "closer", "-": "wider", "\u2212": "wider" };
  const ON_THE_MAP = { ArrowLeft: "west", ArrowRight: "east", ArrowUp: "north", ArrowDown: "south" };
  view.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || !event.target.closest(".map-frame")) return;
    const step = ANYWHERE[event.key] || (event.target === map && ON_THE_MAP[event.key]);
    if (!step) return;
    event.preventDefault();
    const link = view.querySelector(`[data-step="${step}"]`);
    if (link) go(link.getAttribute("href"), "replaceState");
  });

  addEventListener("popstate", function () {
    if (shownAt !== location.pathname + location.search) go(location.search, "");
  });

  function attend() {
    map = view.querySelector(".map");
    map.tabIndex = 0;
    map.setAttribute("role", "group");
    map.setAttribute("aria-label", map.querySelector("svg").getAttribute("aria-label"));
    view.querySelector(".map-view__hint").hidden = false;
  }
  attend();
})();
