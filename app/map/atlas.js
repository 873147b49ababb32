/* The atlas in the browser: takes the wished state from Python, shows it on the folium map without touching the view,
   and tells Python what the reader chose. See app/map/view.py for the other end. */
"use strict";

(function (Atlas) {
  const DIM = 0.45, DIM_NAME = 0.6, HOVER_FILL = 0.08, HOVER_EDGE = 0.8, CHOSEN_FILL = 0.06, REACH_PX = 7, SETTLING_MS = 1500, BETWEEN_MS = 400, AGAIN_MS = 4000, SAMPLES = 10, MOST_NAMES = 60;
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const files = new Map();       // url -> prepared file
  const asked = new Set();       // urls under way, and those that have failed and wait for another try
  const failed = new Set();      // urls whose last try has failed
  let map, state = null, hover = null, sent = 0, flownTo = null, pending = 0, seated = null, born = 0, late = 0, stacked = { of: [], marks: [] };
  let ground, plans, names, buttons, scale, legend, ruler, sketch, footer, tip, cross, ends, link, placed = [];

  // ------------ talk with Python
  const post = (type, more = {}) => window.parent.postMessage({ isStreamlitMessage: true, type, ...more }, "*");
  // An event waits in the box until Python says that it has seen it: see app/assets/view.js.
  let box = [];
  function tell(event) {
    sent = Math.max(Date.now(), sent + 1);
    box.push({ seq: sent, ...event });
    post("streamlit:setComponentValue", { value: { events: box }, dataType: "json" });
  }

  // ------------ files
  function prepare(data) {
    const paints = data.paints;
    const marks = data.features.map((feature) => ({ ...feature.properties, paint: paints[feature.properties.s], shape: Atlas.shape(feature.geometry) }));
    return { marks, paints, names: Atlas.readNames(data.names || []), components: data.components || {} };
  }
  function load(url) {
    if (files.has(url) || asked.has(url)) return files.get(url) || null;
    asked.add(url);
    pending += 1;
    Atlas.fetchOnce(url).then((data) => { files.set(url, prepare(data)); asked.delete(url); failed.delete(url); }).catch(() => {
      // Not at once: in a frame that has left its page every fetch fails before the next line is read.
      failed.add(url);
      setTimeout(() => { asked.delete(url); refresh(); if (!asked.has(url)) { failed.delete(url); refresh(); } }, AGAIN_MS);
    }).finally(() => { pending -= 1; catchUp(); });
    return null;
  }
  /** Draw what has come: at once when it was the last file, else now and then, for many layers come in many files. */
  function catchUp() {
    if (!pending) { clearTimeout(late); late = 0; refresh(); } else if (!late) late = setTimeout(() => { late = 0; refresh(); }, BETWEEN_MS);
  }
  const bandOf = (zoom) => { const z = Math.floor(zoom + 0.01); let name = state.bands[0][0]; for (const [band, first] of state.bands) if (z >= first) name = band; return name; };
  /** The file of the current band, or of another band that is at hand while it loads. */
  function current(urls) {
    const wanted = load(urls[bandOf(map.getZoom())]);
    return wanted || Object.values(urls).map((url) => files.get(url)).find(Boolean) || null;
  }
  const shown = () => state.layers.map((layer, rank) => ({ id: layer.id, rank, file: only(current(layer.urls), layer) })).filter((layer) => layer.file);
  /** A file with the components that are asked for (layer.only), where not all are. */
  function only(file, layer) {
    if (!file || !layer.only) return file;
    if (layer.narrowed && layer.narrowed.of === file) return layer.narrowed;
    const wanted = new Set(layer.only), holds = (each) => wanted.has(each.c);
    layer.narrowed = { ...file, of: file, marks: file.marks.filter(holds), names: file.names.filter(holds) };
    return layer.narrowed;
  }

  // ------------ paint
  function paintGround(ctx, view) {
    const tones = state.tones, file = current(state.base), on = state.groups;
    ctx.fillStyle = state.boundaries ? tones.outside : tones.land;
    ctx.fillRect(view.min.x, view.min.y, view.size.x, view.size.y);
    if (!file) return;
    // A plan of the whole city has all of it in focus, and the city's line for its outline.
    const focus = new Set(state.focus), whole = !focus.size, lands = [];
    for (const mark of file.marks) {
      if (mark.g !== "land") continue;
      const chosen = state.boundaries && (whole || focus.has(mark.id)), colour = chosen ? file.paints.focus.f : mark.paint.f;
      Atlas.paint(ctx, mark.shape, { f: colour, fo: 1 }, view);
      Atlas.outline(ctx, mark.shape, view, colour, 0.7);
      if (chosen) lands.push(mark.shape);
    }
    const merged = { dim: 2, paths: lands.flatMap((shape) => shape.paths) };
    const outlines = whole ? file.marks.filter((mark) => mark.s === "city").map((mark) => mark.shape) : lands;
    const draw = (group) => {
      if (!on[group]) return;
      for (const mark of file.marks) if (mark.g === group && Atlas.seen(mark.shape, view)) Atlas.paint(ctx, mark.shape, mark.paint, view);
    };
    draw("water");
    if (state.boundaries) {
      draw("towns");
      ctx.save();
      Atlas.trace(ctx, merged, view);
      ctx.clip();
      for (const shape of outlines) for (let i = 1; i <= tones.tint_steps; i++) Atlas.outline(ctx, shape, view, tones.tint, 2 * tones.tint_px * i / tones.tint_steps, tones.tint_opacity);
      ctx.restore();
      draw("counties");
      for (const shape of outlines) Atlas.outline(ctx, shape, view, file.paints.focus.st, file.paints.focus.w);
    }
    for (const group of ["roads", "metro", "rail"]) draw(group);
  }

  /** Marks of all layers that are on, low ones first; layers in the reader's order. Made anew only when a layer comes or goes. */
  function stack() {
    const layers = shown(), of = layers.flatMap(({ id, file }) => [id, file]);
    if (of.length === stacked.of.length && of.every((each, i) => each === stacked.of[i])) return stacked.marks;
    const marks = [];
    for (const { id, rank, file } of layers) for (const mark of file.marks) marks.push({ ...mark, layer: id, rank, fid: `${id}#${mark.c}` });
    marks.sort((a, b) => a.paint.z - b.paint.z || a.rank - b.rank);
    stacked = { of, marks };
    return marks;
  }
  const fid = (mark) => mark.fid;

  function chosenPlaces(marks, chosen) {
    const places = new Set();
    for (const mark of marks) if (mark.p && fid(mark) === chosen && mark.paint.k !== "edge") places.add(mark.p);
    return places;
  }

  function paintPlans(ctx, view) {
    const marks = stack(), chosen = state.selected, one = chosen && marks.some((mark) => fid(mark) === chosen) ? chosen : null;
    const places = one ? chosenPlaces(marks, one) : new Set();
    const layer = one ? one.split("#")[0] : null;
    const isChosen = (mark) => one && (fid(mark) === one || (mark.paint.k === "edge" && mark.layer === layer && places.has(mark.p)));
    let cased = false;
    const casing = () => {
      cased = true;
      for (const mark of marks) {
        if (!isChosen(mark) || !Atlas.seen(mark.shape, view)) continue;
        if (mark.paint.k === "edge" || mark.paint.k === "line") Atlas.outline(ctx, mark.shape, view, "#FFFFFF", mark.paint.k === "line" ? mark.paint.w + 5 : 5, 0.95);
      }
    };
    for (const mark of marks) {
      if (!Atlas.seen(mark.shape, view)) continue;
      const paint = mark.paint, mine = isChosen(mark), near = hover && fid(mark) === hover;
      if (!cased && one && paint.z >= 16) casing();
      const more = { alpha: one && !mine ? DIM : 1, boost: 0, wider: 0 };
      const filled = paint.k === "fill" || paint.k === "stripe";
      const part = paint.k === "fade" ? 0.08 : 1;
      if (mine && (filled || paint.k === "fade")) more.boost += CHOSEN_FILL * part;
      if (near && (filled || paint.k === "fade")) more.boost += HOVER_FILL * part;
      if (near && ["edge", "line"].includes(paint.k)) more.wider += HOVER_EDGE;
      if (mine && paint.k === "edge") more.wider += Math.max(0, 2 - paint.w);
      if (!state.boundaries && paint.k === "edge" && paint.b === "official") more.noStroke = true;
      if (paint.k === "symbol") Atlas.symbol(ctx, mark.shape, paint, view, { ...more, wider: near ? 2 : 0, ring: mine ? "#0164AD" : null });
      else Atlas.paint(ctx, mark.shape, paint, view, more);
    }
    // What has no edge of its own gets its outer limit as a dashed line while it is chosen.
    const edged = marks.some((mark) => fid(mark) === one && ["edge", "line"].includes(mark.paint.k));
    const fades = one && !edged ? marks.filter((mark) => fid(mark) === one && mark.paint.k === "fade") : [];
    const outer = fades.reduce((a, b) => (!a || (b.shape.box[2] - b.shape.box[0]) > (a.shape.box[2] - a.shape.box[0]) ? b : a), null);
    if (outer) {
      Atlas.outline(ctx, outer.shape, view, "#FFFFFF", 4, 0.9);
      Atlas.outline(ctx, outer.shape, view, outer.paint.f, 1.6, 1, [6, 4]);
    }
    if (state.points) Atlas.paintPoints(ctx, state.points, view, state.place && state.place.id, hover);
    if (state.area) Atlas.paintArea(ctx, state.area, view);
    if (state.pin && state.pin.lon) Atlas.paintPin(ctx, state.pin, view);
    if (state.place) {
      if (state.place.shape) {
        if (!state.place.drawn) state.place.drawn = Atlas.shape(state.place.shape);
        Atlas.outline(ctx, state.place.drawn, view, "#FFFFFF", 6, 0.9);
        Atlas.outline(ctx, state.place.drawn, view, "#0164AD", 2.4, 1, state.place.sharp ? [] : [8, 5]);
      }
      const [ux, uy] = Atlas.unit(state.place.lon, state.place.lat), x = ux * view.scale - view.ox, y = uy * view.scale - view.oy;
      ctx.lineWidth = 3; ctx.strokeStyle = "#FFFFFF"; ctx.beginPath(); ctx.arc(x, y, 9, 0, 7); ctx.lineWidth = 6; ctx.stroke();
      ctx.strokeStyle = "#0164AD"; ctx.lineWidth = 3; ctx.stroke();
      ctx.fillStyle = "#0164AD"; ctx.beginPath(); ctx.arc(x, y, 3, 0, 7); ctx.fill();
    }
  }

  /** Names that want a place, in order of claim: the chosen one, components, members, then the base map's. */
  function wishes(view) {
    const zoom = Math.floor(map.getZoom() + 0.01), list = [], chosen = state.selected, any = chosen && state.layers.some((l) => chosen.startsWith(`${l.id}#`));
    const own = any ? chosenPlaces(stack(), chosen) : new Set();
    for (const { id, rank, file } of shown()) {
      const places = any && chosen.startsWith(`${id}#`) ? own : new Set();
      for (const name of file.names) {
        const mine = any && (`${id}#${name.c}` === chosen || (name.p && places.has(name.p)));
        if (zoom < name.from && !(mine && name.k === "component")) continue;
        const main = name.k === "component";
        list.push({ name, layer: id, rank: (mine && main ? -10 : name.pr) + rank * 0.01, alpha: any && !mine ? DIM_NAME : 1, weight: mine, keep: main ? (rank === 0 || mine ? 0.5 : 0.2) : name.k === "member" ? 0.12 : 0, ink: mine && !main ? state.tones.ink : null, view });
      }
    }
    if (state.place) list.push({ name: { zh: state.place.name_zh, en: state.place.name_en, k: "place", px: 14, ink: "#0164AD", b: 1, at: 13, shape: Atlas.shape({ type: "Point", coordinates: [state.place.lon, state.place.lat] }) }, rank: -20, alpha: 1, keep: 1, view });
    if (state.points) list.push(...Atlas.pointWishes(state.points, view, MOST_NAMES));
    const base = current(state.base);
    for (const name of base ? base.names : []) {
      if (zoom < (name.near && state.focus.includes(name.co) ? name.near : name.from) || !state.groups[name.g] || (name.g === "counties" && !state.boundaries && name.k === "neighbour")) continue;
      // Close to, a plan's own district is known: its name would only stand in its towns' way.
      if (name.k === "county" && zoom >= 11 && state.focus.includes(name.id)) continue;
      list.push({ name, rank: name.pr + 1, alpha: name.k === "town" && zoom >= 14 ? 0.75 : 1, keep: 0, view });
    }
    return list;
  }
  function paintNames(ctx, view) {
    const size = map.getSize(), offset = map.containerPointToLayerPoint([0, 0]);
    Atlas.type = size.x < 500 ? 0.86 : 1;
    const box = map.getContainer().getBoundingClientRect();
    const blocked = [...document.querySelectorAll(".legend,.tools,.scale,.measure:not([hidden])")].map((node) => {
      const r = node.getBoundingClientRect();
      return [r.left - box.left + offset.x - 2, r.top - box.top + offset.y - 2, r.right - box.left + offset.x + 2, r.bottom - box.top + offset.y + 2];
    });
    // A name covers no symbol.
    for (const { file } of shown()) {
      for (const { paint, shape } of file.marks) {
        if (paint.k !== "symbol" || !Atlas.seen(shape, view)) continue;
        const r = Math.max(paint.sz, paint.ou || 0) / 2 - 1, [x, y] = [shape.paths[0][0] * view.scale - view.ox, shape.paths[0][1] * view.scale - view.oy];
        blocked.push([x - r, y - r, x + r, y + r]);
      }
    }
    const frame = [offset.x + 3, offset.y + 3, offset.x + size.x - 3, offset.y + size.y - 3];
    placed = Atlas.placeNames(ctx, wishes(view), view, state.lang, blocked, frame);
    Atlas.paintNames(ctx, placed, state.tones);
    ruler.paint(ctx, view);
    sketch.paint(ctx, view);
  }

  function refresh() {
    if (!state) return;
    ground.redraw(); plans.redraw(); seat(); names.redraw();
    scale.update(map);
    ends.textContent = failed.size ? state.words.missing : state.words.data_ends;
    ends.hidden = !(failed.size || (map.getZoom() >= 14 && (state.groups.towns || state.layers.length)));
    const base = current(state.base), layers = shown();
    if (base && layers.length === state.layers.length && !pending) {
      // What tests and the bench wait for: what is on the canvas now.
      window.atlas = { drawn: layers.map((layer) => layer.id), band: bandOf(map.getZoom()), zoom: map.getZoom(), groups: state.groups, names: placed.map((p) => p.wish.name.zh), map, at: performance.now(), n: state.n };
      document.body.dataset.drawn = window.atlas.drawn.join(" ") || "-";
      document.body.dataset.n = state.n;
    }
  }

  // ------------ what is under the pointer
  function find(latlng) {
    const [x, y] = Atlas.unit(latlng.lng, latlng.lat), px = 1 / (256 * 2 ** map.getZoom());
    const marks = stack();
    let best = null;
    for (let i = marks.length - 1; i >= 0; i--) {
      const mark = marks[i], k = mark.paint.k;
      if (k === "edge" || k === "under" || k === "casing" || k === "ticks" || k === "pattern") continue;
      const reach = (k === "symbol" ? Math.max(mark.paint.sz, mark.paint.ou || 0) / 2 + 5 : REACH_PX) * px;
      if (Atlas.holds(mark.shape, x, y, reach)) { best = mark; break; }
    }
    if (best) return fid(best);
    const p = map.latLngToLayerPoint(latlng);
    const named = placed.find(({ boxes, wish }) => wish.layer && wish.name.k === "component" && boxes.some((b) => p.x >= b[0] && p.x <= b[2] && p.y >= b[1] && p.y <= b[3]));
    return named ? `${named.wish.layer}#${named.wish.name.c}` : null;
  }
  const pointAt = (latlng) => (state.points ? Atlas.findPoint(state.points, map, latlng) : null);
  function describe(found) {
    const [layer, no] = found.split("#"), entry = state.layers.find((each) => each.id === layer);
    return entry && entry.components[no] ? entry.components[no] : null;
  }
  function point(event) {
    footer.tell(event.latlng);
    if (ruler.on) { ruler.move(event.latlng); return; }
    if (sketch.on) { sketch.move(event.latlng); tip.hidden = true; return; }
    if (state.pin) { tip.hidden = true; return; }
    const near = pointAt(event.latlng), found = near ? near.id : find(event.latlng);
    if (found !== hover) { hover = found; plans.redraw(); map.getContainer().classList.toggle("over", Boolean(found)); }
    const told = near ? { name: (state.lang === "en" && near.en) || near.zh, line: near.about || state.words.mentions.replace("{n}", near.n) } : found && describe(found);
    tip.hidden = !told;
    if (told) {
      tip.replaceChildren(Atlas.make("b", {}, told.name), Atlas.make("span", {}, told.line));
      const p = event.containerPoint, size = map.getSize();
      tip.style.left = `${Math.min(p.x + 14, size.x - tip.offsetWidth - 8)}px`;
      tip.style.top = `${p.y + 18 + tip.offsetHeight > size.y ? p.y - tip.offsetHeight - 10 : p.y + 18}px`;
    }
  }
  function leave() { tip.hidden = true; if (hover) { hover = null; plans.redraw(); } }
  function choose(latlng) {
    if (ruler.on) { ruler.add(latlng); return; }
    if (sketch.on) { sketch.add(latlng); return; }
    if (state.pin) { tell({ type: "pin", lon: +latlng.lng.toFixed(6), lat: +latlng.lat.toFixed(6) }); return; }
    const near = pointAt(latlng);
    if (near) { tell({ type: "point", value: near.id }); return; }
    const found = find(latlng);
    // The look changes at once; the card follows from Python.
    state.selected = found; state.place = null;
    plans.redraw(); names.redraw();
    tell(found ? { type: "select", fid: found, lon: +latlng.lng.toFixed(6), lat: +latlng.lat.toFixed(6) } : { type: "clear" });
  }
  function clear() {
    if (ruler.on) { measure(false); return; }
    if (sketch.on) { sketch.cancel(); return; }
    if (state.selected || state.place) { state.selected = null; state.place = null; refresh(); tell({ type: "clear" }); }
  }
  function measure(on) { ruler.toggle(on); buttons.press("measure", ruler.on); leave(); }

  /** Seat the legend in the corner where it hides least of what is on, when that or the room has changed. */
  function seat() {
    const root = map.getContainer(), room = map.getSize();
    // A map that lies over another one has its legend on its own side.
    if (state.seat) { root.dataset.legend = state.seat; return; }
    const wanted = [...state.layers.map((layer) => layer.id), room.x, room.y, legend.box.offsetHeight, flownTo].join();
    if (seated === wanted || !legend.open || window.innerWidth <= 640 || pending) return;
    seated = wanted;
    const size = room, w = legend.box.offsetWidth, h = legend.box.offsetHeight;
    const corners = { "bottom-left": [12, size.y - h - 12], "bottom-right": [size.x - w - 12, size.y - h - 62], "top-right": [size.x - w - 12, 44], "top-left": [60, 56] };
    let best = "bottom-left", least = Infinity;
    for (const [name, [x, y]] of Object.entries(corners)) {
      // The share of sample points with a shape under them is the share of the legend's area that hides shapes.
      let hits = 0;
      for (let i = 0; i <= SAMPLES; i++) for (let j = 0; j <= SAMPLES; j++) if (find(map.containerPointToLatLng([x + w * i / SAMPLES, y + h * j / SAMPLES]))) hits += 1;
      if (hits < least) { least = hits; best = name; }
    }
    root.dataset.legend = best;
  }

  // ------------ view
  function fit(bounds, maxZoom = 14) {
    const box = L.latLngBounds([[bounds[1], bounds[0]], [bounds[3], bounds[2]]]);
    map.fitBounds(box, { padding: [28, 28], maxZoom, animate: !still });
  }
  function remember() {
    const c = map.getCenter(), url = new URL(window.parent.location.href);
    url.searchParams.set("view", `${c.lat.toFixed(4)},${c.lng.toFixed(4)},${+map.getZoom().toFixed(2)}`);
    window.parent.history.replaceState(window.parent.history.state, "", url);
    // The sheet of the view asks for what is on screen.
    window.frameElement.dataset.extent = map.getBounds().toBBoxString();
  }

  /** Show the view that the address asks for, or the plan's area. */
  function begin() {
    const asked = (state.view || "").split(",").map(Number), [west, south, east, north] = state.home;
    if (asked.length === 3 && asked.every(Number.isFinite)) map.setView([asked[0], asked[1]], asked[2], { animate: false });
    else map.fitBounds([[south, west], [north, east]], { padding: [12, 12], animate: false });
  }

  function apply(wish) {
    const first = !state;
    box = box.filter((event) => event.seq > wish.seen);
    state = wish;
    document.documentElement.lang = wish.lang === "en" ? "en" : "zh-CN";
    map.getContainer().setAttribute("aria-label", wish.label || wish.words.map);
    document.title = wish.label || wish.words.map;
    if (first && wish.folded) legend.open = false;
    buttons.speak(wish.words); ruler.speak(wish.words); footer.show(wish); legend.show(wish.legend, wish.words);
    document.getElementById("notice").textContent = wish.words.notice;
    map.getContainer().classList.toggle("pinning", Boolean(wish.pin));
    sketch.set(wish.sketch);
    link.join(wish.link);
    if (first) {
      begin();
      born = performance.now();
      flownTo = wish.fly ? wish.fly.n : null;
      for (const surface of [ground, plans, names]) surface.addTo(map);
      map.on("moveend", () => { refresh(); remember(); });
      footer.tell(map.getCenter());
      window.frameElement.dataset.extent = map.getBounds().toBBoxString();
    } else if (wish.fly && wish.fly.n !== flownTo) {
      flownTo = wish.fly.n;
      born = 0;
      const [west, south, east, north] = wish.fly.bounds, view = map.getBounds();
      if (!wish.fly.only_if_unseen || !view.intersects([[south, west], [north, east]])) fit(wish.fly.bounds, wish.fly.zoom);
    }
    // Streamlit writes the address anew after an event and knows nothing of the view.
    if (!first) setTimeout(remember, 120);
    refresh();
  }

  /** Take over a folium map. */
  Atlas.start = function (theMap) {
    map = theMap;
    map.options.zoomSnap = 0.25; map.options.zoomDelta = 0.5; map.options.wheelPxPerZoomLevel = 90;
    if (still) { map._zoomAnimated = false; map.options.inertia = false; }
    const root = map.getContainer();
    for (const [name, z] of [["ground", 200], ["plans", 400], ["names", 450]]) { map.createPane(name).style.zIndex = z; map.getPane(name).style.pointerEvents = "none"; }
    ground = new Atlas.Surface(paintGround, { pane: "ground", padding: 0.25 });
    plans = new Atlas.Surface(paintPlans, { pane: "plans", padding: 0.25 });
    names = new Atlas.Surface(paintNames, { pane: "names", padding: 0.25 });
    buttons = new Atlas.Buttons(root, {
      zoomIn: () => map.zoomIn(1), zoomOut: () => map.zoomOut(1), measure: () => measure(),
      home: () => fit(state.home, 16),
    });
    link = new Atlas.Link(map);
    scale = new Atlas.Scale(root);
    legend = new Atlas.Legend(root, () => names.redraw());
    ruler = new Atlas.Ruler(root, map, names);
    sketch = new Atlas.Sketch(map, names, (ring) => tell({ type: "area", ring }), () => tell({ type: "draw", value: "" }));
    footer = new Atlas.Footer(document.body, (crs) => tell({ type: "crs", value: crs }));
    tip = Atlas.make("div", { class: "tip", role: "status", hidden: true });
    cross = Atlas.make("div", { class: "cross", "aria-hidden": "true" });
    ends = Atlas.make("p", { class: "ends", role: "status", hidden: true });
    root.append(tip, cross, ends, Atlas.make("div", { id: "notice" }));
    for (const node of root.querySelectorAll(".tools,.legend,.scale")) { L.DomEvent.disableClickPropagation(node); L.DomEvent.disableScrollPropagation(node); }
    map.on("dragstart", () => { born = 0; });
    root.addEventListener("wheel", () => { born = 0; }, { passive: true });
    map.on("mousemove", point).on("mouseout", leave).on("click", (event) => choose(event.latlng));
    map.on("dblclick", () => { if (ruler.on) ruler.end(); if (sketch.on) sketch.end(); });
    map.on("zoomstart", leave);
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape") clear();
      if (event.key === "Enter" && event.target === root) { if (ruler.on) ruler.end(); else choose(map.getCenter()); }
    });
    // The cross and the ring are for readers at the keyboard; Leaflet takes the focus on a click too.
    root.addEventListener("keydown", () => root.classList.add("keys"));
    root.addEventListener("keyup", () => root.classList.add("keys"));
    root.addEventListener("pointerdown", () => root.classList.remove("keys"));
    new ResizeObserver(() => {
      map.invalidateSize({ animate: false });
      // The frame gets its height a moment after the page: fit again what was fitted to the wrong size.
      if (born && performance.now() - born < SETTLING_MS) begin();
    }).observe(root);
    window.addEventListener("message", (event) => {
      if (event.source === window.parent && event.data && event.data.type === "streamlit:render" && event.data.args.state) apply(event.data.args.state);
    });
    post("streamlit:componentReady", { apiVersion: 1 });
    post("streamlit:setFrameHeight", { height: 480 });
  };
})(window.Atlas);
