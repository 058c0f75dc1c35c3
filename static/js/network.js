// The network of the world, tie by tie. The page has a drawing in which ties are gathered, its figures and its list; who
// asks for every tie, or looks for a city, gets them here: 16,000 lines on a canvas that is moved, scaled and asked what
// it shows. A picture takes several frames to draw, so it is drawn aside, a part in each frame, and until it is ready
// the one before is shown moved and scaled: no frame waits for a line.
(function () {
  const stage = document.querySelector(".network__stage[data-file]");
  if (!stage) return;

  const FARTHEST = 20015, CLOSEST = 0.7; // km from home to the rim of the world; pixels to the km
  const OCTAVE = 8, GRID = 40, WIDE = 2240, HIGH = 780, STEPS = [7, 64]; // the land's frames, as in cities/maps/frames.py
  const PUSH = 0.12; // how far a line is bent, as in cities/maps/web.py
  const SLACK = 6, REACH = 14; // pixels that a pointer may tremble without dragging, and within which it points at a city
  const LASTS = 420; // milliseconds of a flight
  const calm = matchMedia("(prefers-reduced-motion: reduce)"), dark = matchMedia("(prefers-color-scheme: dark)");
  const root = document.documentElement, number = new Intl.NumberFormat(root.lang);
  const map = stage.querySelector(".map"), tools = stage.querySelector(".network__tools");
  const told = document.querySelector(".network__chosen"), find = document.getElementById("find");
  const button = (name) => tools.querySelector(`[data-do="${name}"]`);

  // --- What is known: of each city its place in km (x to the east, y to the south), and of each tie its two ends -------

  let count, keys, x, y, name, country, degree, sisters, ends, ranked, home, partners, pages, loading = null;

  function read(file) {
    let key = 0;
    count = file.key.length;
    keys = new Map(file.key.map((step, i) => [(key += step), i]));
    x = Float32Array.from(file.east);
    y = Float32Array.from(file.north, (north) => -north);
    ({ name, home, partners } = file);
    country = file.country.flatMap(([text, times]) => Array(times).fill(text));
    pages = new Map(file.partners.map((i, at) => [i, file.pages[at]]));
    sisters = name.map(() => []);
    const pairs = [];
    file.sisters.forEach((others, i) => others.forEach((j) => {
      pairs.push(i, j);
      sisters[i].push(j);
      sisters[j].push(i);
    }));
    ends = Uint32Array.from(pairs);
    degree = Uint16Array.from(sisters, (others) => others.length);
    ranked = [...degree.keys()].sort((i, j) => degree[j] - degree[i]).slice(0, 3000);
    begin();
  }

  function load() {
    const draw = button("draw");
    draw.disabled = true;
    loading ??= fetch(stage.dataset.file)
      .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(answer.status))))
      .then(read)
      .catch((error) => { loading = null; draw.disabled = false; throw error; });
    return loading;
  }

  // --- The canvas --------------------------------------------------------------------------------------------------

  const view = document.createElement("div"), canvas = document.createElement("canvas");
  const ctx = canvas.getContext("2d");
  let ready = document.createElement("canvas"), next = document.createElement("canvas"); // the last picture, the coming
  let size = 0, fine = 1, whole = 0, colour = {}, type = "";
  let at = { x: 0, y: 0, k: 0 }, of = null; // what is looked at: the middle in km, pixels to the km; that of `ready`
  let job = null, chunk = 600, moved = true, land = null, lands = new Map();
  let labels = [], chosen = -1, hovered = -1, flight = null, asked = 0, last = 0;

  const px = (i, v) => size / 2 + (x[i] - v.x) * v.k;
  const py = (i, v) => size / 2 + (y[i] - v.y) * v.k;
  const bounded = (least, value, most) => Math.min(Math.max(value, least), most);

  function begin() {
    view.className = "network__view";
    view.tabIndex = 0;
    view.setAttribute("role", "group");
    view.setAttribute("aria-label", map.querySelector("svg").getAttribute("aria-label"));
    view.append(canvas);
    map.append(view);
    map.classList.add("is-live");
    tools.querySelectorAll("[data-do]").forEach((one) => { one.hidden = one.dataset.do === "draw"; });
    document.querySelector(".network__hint").hidden = false;
    new ResizeObserver(measure).observe(view);
    new MutationObserver(paint).observe(root, { attributes: true, attributeFilter: ["data-theme"] });
    dark.addEventListener("change", paint);
    measure();
  }

  function measure() {
    const before = size;
    size = view.clientWidth;
    if (!size || size === before) return;
    fine = Math.min(devicePixelRatio || 1, 2);
    for (const one of [canvas, ready, next]) one.width = one.height = Math.round(size * fine);
    whole = stage.dataset.scale * size / stage.dataset.size;
    at.k = before ? at.k * size / before : whole;
    of = null;
    paint();
  }

  function paint() {
    const style = getComputedStyle(view);
    for (const one of ["soft", "turquoise", "brick", "ink", "deep", "ring"]) colour[one] = style.getPropertyValue(`--panel-${one}`).trim();
    type = style.fontFamily;
    redraw();
  }

  function redraw() {
    job = null;
    moved = true;
    wake();
  }

  function wake() {
    asked ||= requestAnimationFrame(frame);
  }

  function frame(now) {
    asked = 0;
    if (flight) fly(now);
    if (!flight && moved && !pointers.size) {
      moved = false;
      job = { v: { ...at }, tie: 0, dot: 0 };
      next.getContext("2d").clearRect(0, 0, next.width, next.height);
      fetchLand();
    }
    if (job) {
      // As much as this machine draws in a frame and no more.
      if (last) chunk = bounded(150, chunk * (now - last > 20 ? 0.6 : 1.2), 3000);
      last = now;
      work();
    } else last = 0;
    show();
    if (flight || job) wake();
  }

  // The line of a tie, always bent to the same side.
  function line(c, i, j, v) {
    const x1 = px(i, v), y1 = py(i, v), x2 = px(j, v), y2 = py(j, v);
    c.moveTo(x1, y1);
    c.quadraticCurveTo((x1 + x2) / 2 + (y2 - y1) * PUSH, (y1 + y2) / 2 - (x2 - x1) * PUSH, x2, y2);
  }

  // On a small screen everything is finer, or Europe would be one patch of light.
  const share = () => bounded(0.5, size / 680, 1);
  const radius = (i, v) => Math.min(0.7 + Math.sqrt(degree[i]) * 0.22, 3) * Math.min((v.k / whole) ** 0.3, 2) * share();

  function work() {
    const c = next.getContext("2d"), { v } = job, half = size / 2 / v.k * 1.1;
    const outside = (i, j) =>
      (x[i] < v.x - half && x[j] < v.x - half) || (x[i] > v.x + half && x[j] > v.x + half) ||
      (y[i] < v.y - half && y[j] < v.y - half) || (y[i] > v.y + half && y[j] > v.y + half);
    c.setTransform(fine, 0, 0, fine, 0, 0);
    if (job.tie < ends.length) {
      c.strokeStyle = colour.soft;
      c.lineWidth = 0.7;
      c.globalAlpha = Math.min(0.13 * share() * (v.k / whole) ** 0.55, 0.5);
      for (let drawn = 0; drawn < chunk && job.tie < ends.length;) {
        // Lines of one path do not darken each other; of many small ones the thicket shows.
        c.beginPath();
        for (let some = 0; some < 24 && job.tie < ends.length; job.tie += 2) {
          const i = ends[job.tie], j = ends[job.tie + 1];
          if (outside(i, j)) continue;
          line(c, i, j, v);
          some++;
          drawn++;
        }
        c.stroke();
      }
      c.globalAlpha = 1;
      return;
    }
    if (job.dot < count) {
      c.fillStyle = colour.ink;
      c.globalAlpha = 0.85;
      c.beginPath();
      for (const stop = Math.min(count, job.dot + 4 * chunk); job.dot < stop; job.dot++) {
        if (outside(job.dot, job.dot)) continue;
        const r = radius(job.dot, v), at = px(job.dot, v), down = py(job.dot, v);
        if (r < 1.3) c.rect(at - r, down - r, 2 * r, 2 * r);
        else {
          c.moveTo(at + r, down);
          c.arc(at, down, r, 0, 7);
        }
      }
      c.fill();
      c.globalAlpha = 1;
      return;
    }
    rings(c, v);
    c.strokeStyle = colour.turquoise;
    c.lineWidth = 1.5;
    c.beginPath();
    for (const i of partners) line(c, home, i, v);
    c.stroke();
    for (const i of partners) dot(c, i, v, 3, colour.turquoise);
    star(c, v);
    labels = named([home, ...partners, ...ranked].filter((i) => i !== null && !outside(i, i)), v, 26, []);
    [ready, next, of, job] = [next, ready, v, null];
  }

  function dot(c, i, v, r, fill) {
    c.beginPath();
    c.arc(px(i, v), py(i, v), r, 0, 7);
    c.fillStyle = fill;
    c.fill();
  }

  // Circles of true distance round the home city, every 5,000 km.
  function rings(c, v) {
    c.strokeStyle = colour.ring;
    c.lineWidth = 1;
    for (let km = 5000; km < FARTHEST; km += 5000) {
      c.beginPath();
      c.arc(size / 2 - v.x * v.k, size / 2 - v.y * v.k, km * v.k, 0, 7);
      c.stroke();
    }
  }

  function star(c, v) {
    if (home === null) return;
    c.beginPath();
    for (let corner = 0; corner < 16; corner++) {
      const turn = Math.PI * corner / 8, r = corner % 2 ? 6.5 : 8.5;
      c.lineTo(px(home, v) + r * Math.sin(turn), py(home, v) - r * Math.cos(turn));
    }
    c.fillStyle = colour.ink;
    c.fill();
  }

  // Those of the cities, the first ones first, whose names find room clear of the boxes `taken`; at most `most`.
  function named(cities, v, most, taken) {
    const found = [];
    ctx.font = `13px ${type}`;
    for (const i of new Set(cities)) {
      if (found.length === most) break;
      const left = px(i, v) + 5, right = left + ctx.measureText(name[i]).width + 4, down = py(i, v);
      const isInside = [left, right].every((edge) => Math.hypot(edge - size / 2, down - size / 2) < size / 2 - 6);
      if (!isInside || taken.some((one) => left < one[1] && one[0] < right && Math.abs(one[2] - down) < 17)) continue;
      taken.push([left, right, down]);
      found.push(i);
    }
    return found;
  }

  function write(cities, fill) {
    Object.assign(ctx, {
      font: `13px ${type}`, textAlign: "left", textBaseline: "middle", lineJoin: "round", lineWidth: 3.5,
      strokeStyle: colour.deep, fillStyle: fill,
    });
    for (const i of cities) {
      ctx.strokeText(name[i], px(i, at) + 7, py(i, at));
      ctx.fillText(name[i], px(i, at) + 7, py(i, at));
    }
  }

  function show() {
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    ctx.clearRect(0, 0, canvas.width, canvas.height);
    const lit = hovered >= 0 ? hovered : chosen;
    if (of) {
      const ratio = at.k / of.k, side = size * ratio;
      ctx.setTransform(fine, 0, 0, fine, 0, 0);
      if (lit >= 0) ctx.globalAlpha = 0.45;
      ctx.drawImage(ready, (size - side) / 2 + (of.x - at.x) * at.k, (size - side) / 2 + (of.y - at.y) * at.k, side, side);
      ctx.globalAlpha = 1;
    }
    if (lit >= 0) {
      ctx.setTransform(fine, 0, 0, fine, 0, 0);
      ctx.strokeStyle = colour.brick;
      ctx.lineWidth = 1.4;
      ctx.beginPath();
      for (const i of sisters[lit]) line(ctx, Math.min(lit, i), Math.max(lit, i), at);
      ctx.stroke();
      for (const i of sisters[lit]) dot(ctx, i, at, 3, colour.brick);
      dot(ctx, lit, at, 5, colour.ink);
      const taken = [], own = named([lit], at, 1, taken);
      write(named([...sisters[lit]].sort((i, j) => degree[j] - degree[i]), at, 40, taken), colour.brick);
      write(own, colour.ink);
    } else if (of) write(labels, colour.ink);
    if (land) place(land);
  }

  // --- The land: the same frames that the other maps have --------------------------------------------------------------

  function place({ image, scale, east, north }) {
    const f = at.k / scale;
    const left = size / 2 + (east - at.x) * at.k - WIDE / 2 * f, top = size / 2 - (north + at.y) * at.k - HIGH / 2 * f;
    image.style.transform = `translate(${left}px, ${top}px) scale(${f})`;
  }

  function fetchLand() {
    const step = bounded(STEPS[0], Math.floor(OCTAVE * Math.log2(128 * at.k * Math.min(1, 700 / size))), STEPS[1]);
    const scale = 2 ** (step / OCTAVE) / 128, [column, row] = [at.x, -at.y].map((km) => Math.round(km * scale / GRID));
    const signed = (steps, letters) => (steps ? Math.abs(steps) + letters[Number(steps < 0)] : "0");
    const frame = `wide-${step}-${signed(column, "ew")}-${signed(row, "ns")}`;
    const image = lands.get(frame) ?? new Image();
    const mine = { image, scale, east: column * GRID / scale, north: row * GRID / scale };
    lands.set(frame, image);
    image.alt = "";
    image.className = "network__land";
    image.src ||= stage.dataset.land.replace("frame", frame);
    fetchLand.wanted = frame;
    image.decode().then(function () {
      if (fetchLand.wanted !== frame) return;
      if (land) land.image.remove();
      land = mine;
      place(land);
      view.prepend(image);
    }).catch(() => {});
  }

  // --- Moving ----------------------------------------------------------------------------------------------------------

  function go(x, y, k) {
    k = bounded(whole, k, CLOSEST);
    const far = Math.min(1, (FARTHEST - 0.7 * GRID / k) / (Math.hypot(x, y) || 1));
    at = { x: x * far, y: y * far, k };
    redraw();
  }

  function flyTo(x, y, k) {
    k = bounded(whole, k, CLOSEST);
    if (calm.matches) go(x, y, k);
    else flight = { from: { ...at }, to: { x, y, k }, since: 0 };
    wake();
  }

  function fly(now) {
    flight.since ||= now;
    const { from, to } = flight, part = Math.min((now - flight.since) / LASTS, 1), share = part * part * (3 - 2 * part);
    const k = from.k * (to.k / from.k) ** share;
    // Straight on the screen: the middle goes as the scale does.
    const way = Math.abs(to.k - from.k) < 1e-9 ? share : (1 / k - 1 / from.k) / (1 / to.k - 1 / from.k);
    if (part === 1) flight = null;
    go(from.x + (to.x - from.x) * way, from.y + (to.y - from.y) * way, k);
  }

  // Scale by `ratio` so that what is at the pixel `from` comes to `to`.
  function pull(from, to, ratio) {
    const k = bounded(whole, at.k * ratio, CLOSEST);
    const km = [at.x + (from.x - size / 2) / at.k, at.y + (from.y - size / 2) / at.k];
    go(km[0] - (to.x - size / 2) / k, km[1] - (to.y - size / 2) / k, k);
  }

  const pointers = new Map();
  let start = null, hasMoved = false;

  function where(event) {
    const box = view.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  function grip() {
    const [one, other = one] = [...pointers.values()];
    return { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2, apart: Math.hypot(one.x - other.x, one.y - other.y) };
  }

  view.addEventListener("pointerdown", function (event) {
    if (event.button) return;
    pointers.set(event.pointerId, where(event));
    if (pointers.size === 1) hasMoved = false;
    flight = null;
    start = grip();
  });
  addEventListener("pointermove", function (event) {
    if (!pointers.has(event.pointerId)) return;
    pointers.set(event.pointerId, where(event));
    const now = grip();
    if (!hasMoved && pointers.size === 1 && Math.hypot(now.x - start.x, now.y - start.y) < SLACK) return;
    hasMoved = true;
    view.classList.add("is-moving");
    pull(start, now, start.apart ? now.apart / start.apart : 1);
    start = now;
  });
  for (const end of ["pointerup", "pointercancel"]) addEventListener(end, function (event) {
    if (!pointers.delete(event.pointerId)) return;
    if (pointers.size) start = grip();
    else view.classList.remove("is-moving");
    wake();
  });
  view.addEventListener("wheel", function (event) {
    if (!event.ctrlKey) return; // else the page is scrolled
    event.preventDefault();
    pull(where(event), where(event), Math.exp(-bounded(-100, event.deltaY, 100) / 200));
  }, { passive: false });

  const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const DEEDS = {
    closer: () => flyTo(at.x, at.y, at.k * 2),
    wider: () => flyTo(at.x, at.y, at.k / 2),
    whole: () => flyTo(0, 0, whole),
    draw: () => load().then(() => view.focus({ preventScroll: true }), () => {}),
  };
  const KEYS = { "+": DEEDS.closer, "=": DEEDS.closer, "-": DEEDS.wider, "\u2212": DEEDS.wider, 0: DEEDS.whole, Escape: () => choose(-1) };
  view.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const way = WAYS[event.key], deed = way ? () => flyTo(at.x + way[0] * size / 4 / at.k, at.y + way[1] * size / 4 / at.k, at.k) : KEYS[event.key];
    if (!deed) return;
    event.preventDefault();
    deed();
  });
  tools.addEventListener("click", (event) => DEEDS[event.target.closest("[data-do]")?.dataset.do]?.());

  // --- Pointing at a city, and choosing one ----------------------------------------------------------------------------

  // The city nearest to a pixel; among many close together one that has more ties.
  function under({ x: across, y: down }) {
    let best = -1, least = REACH * REACH;
    for (let i = 0; i < count; i++) {
      const far = (px(i, at) - across) ** 2 + (py(i, at) - down) ** 2;
      if (far > REACH * REACH) continue;
      const score = far - Math.min(degree[i], 60) * 0.8;
      if (score < least) [best, least] = [i, score];
    }
    return best;
  }

  function hover(i) {
    if (i === hovered) return;
    hovered = i;
    view.classList.toggle("is-over", i >= 0);
    wake();
  }
  view.addEventListener("pointermove", (event) => { if (!pointers.size && event.pointerType === "mouse") hover(under(where(event))); });
  view.addEventListener("pointerleave", () => hover(-1));
  view.addEventListener("click", (event) => { if (!hasMoved) choose(under(where(event))); });

  function choose(i) {
    chosen = i;
    wake();
    told.parentElement.classList.toggle("has-chosen", i >= 0);
    const [title, list] = told.children, own = pages.get(i), link = document.createElement(own ? "a" : "span");
    title.replaceChildren();
    list.replaceChildren();
    if (i < 0) return;
    if (own) link.href = own;
    link.textContent = name[i];
    title.append(link, ` ${country[i]} · ${stage.dataset.known} ${number.format(degree[i])}`);
    for (const j of [...sisters[i]].sort((one, other) => name[one].localeCompare(name[other], root.lang))) {
      const item = document.createElement("li"), one = document.createElement("button");
      one.type = "button";
      one.textContent = name[j];
      one.title = country[j];
      one.addEventListener("click", () => reach(j));
      item.append(one);
      list.append(item);
    }
  }

  // Choose a city and fly to where it and all its sisters can be seen.
  function reach(i) {
    choose(i);
    const farthest = Math.max(200, ...sisters[i].map((j) => Math.hypot(x[j] - x[i], y[j] - y[i])));
    flyTo(x[i], y[i], 0.46 * size / farthest);
  }

  find.form.addEventListener("click", function (event) {
    const option = event.target.closest("[data-city]");
    if (!option || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    find.value = option.firstElementChild.textContent;
    load().then(function () {
      view.focus({ preventScroll: true });
      reach(keys.get(Number(option.dataset.city)));
    }).catch(() => location.assign(option.href));
  });

  tools.hidden = false;
})();
