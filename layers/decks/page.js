"use strict";
(() => {
  const map = document.getElementById("map"), svg = document.getElementById("sheet"), world = document.getElementById("world");
  const tip = document.getElementById("tip"), bar = document.getElementById("bar");
  const box = svg.viewBox.baseVal, MPM = Number(svg.dataset.mpm), MOST = 16;
  const view = { k: 1, x: 0, y: 0 };
  const pins = [...world.querySelectorAll(".pin")].map((node) => ({ node, at: node.dataset.o.split(" ").map(Number) }));
  const keyOf = (node) => [...node.classList].find((name) => /^c\d+-\d+$/.test(name));
  const partsOf = (key) => world.querySelectorAll(`.${CSS.escape(key)}`);
  let picked = "";

  /** Pixels to a millimetre of the sheet before zooming. */
  const unit = () => Math.min(map.clientWidth / box.width, map.clientHeight / box.height);

  /** How much larger names are on a small screen, once the map is zoomed in. */
  const legible = () => Math.min(1.8, Math.max(1, 2.6 / unit()));

  function show() {
    const slackX = box.width * (view.k - 1), slackY = box.height * (view.k - 1);
    view.x = Math.min(box.width * 0.4, Math.max(-slackX - box.width * 0.4, view.x));
    view.y = Math.min(box.height * 0.4, Math.max(-slackY - box.height * 0.4, view.y));
    const s = Math.min(1, view.k ** -0.8 * legible());
    world.setAttribute("transform", `translate(${view.x + box.x * (1 - view.k)} ${view.y + box.y * (1 - view.k)}) scale(${view.k})`);
    world.style.setProperty("--s", s);
    for (const { node, at } of pins) node.setAttribute("transform", `translate(${at[0] * (1 - s)} ${at[1] * (1 - s)}) scale(${s})`);
    const metres = MPM / (unit() * view.k), wanted = metres * 110, power = 10 ** Math.floor(Math.log10(wanted));
    const length = [1, 2, 5].map((n) => n * power).filter((n) => n <= wanted).pop();
    bar.style.width = `${length / metres}px`;
    bar.textContent = length < 1000 ? `${length} m` : `${length / 1000} km`;
    map.dataset.zoom = view.k.toFixed(2);
  }

  /** Zoom about a point of the map (px from its corner). */
  function zoom(factor, px = map.clientWidth / 2, py = map.clientHeight / 2) {
    const k = Math.min(MOST, Math.max(1, view.k * factor)), u = unit();
    const x = (px - (map.clientWidth - box.width * u) / 2) / u, y = (py - (map.clientHeight - box.height * u) / 2) / u;
    view.x = x - ((x - view.x) * k) / view.k;
    view.y = y - ((y - view.y) * k) / view.k;
    view.k = k;
    show();
  }
  const home = () => { Object.assign(view, { k: 1, x: 0, y: 0 }); show(); };
  /** Begin with the map filling its box where a phone would show it as a strip. */
  const begin = () => {
    const fill = Math.max(map.clientWidth / box.width, map.clientHeight / box.height) / unit();
    home();
    if (fill > 1.25) zoom(fill);
  };
  const pan = (dx, dy) => { view.x += dx / unit(); view.y += dy / unit(); show(); };

  function light(key) {
    world.classList.toggle("picked", Boolean(key));
    world.querySelectorAll(".c.hot").forEach((node) => node.classList.remove("hot"));
    if (key) partsOf(key).forEach((node) => node.classList.add("hot"));
  }
  function open(key, scroll) {
    document.querySelectorAll("li.open").forEach((node) => {
      node.classList.remove("open");
      node.querySelector("[data-open]").setAttribute("aria-expanded", "false");
    });
    picked = picked === key ? "" : key;
    const item = picked && document.getElementById(picked);
    if (item) {
      item.classList.add("open");
      item.querySelector("[data-open]").setAttribute("aria-expanded", "true");
      if (scroll) item.scrollIntoView({ block: "nearest" });
    }
    light(picked);
  }
  function hint(key, event) {
    tip.hidden = !key;
    if (!key) return;
    const item = document.getElementById(key), at = map.getBoundingClientRect();
    const small = document.createElement("small");
    small.textContent = item.querySelector(".what").textContent;
    tip.replaceChildren(item.querySelector(".name").textContent, small);
    tip.style.left = `${Math.min(event.clientX - at.left + 14, map.clientWidth - 200)}px`;
    tip.style.top = `${Math.min(event.clientY - at.top + 14, map.clientHeight - 60)}px`;
  }

  const touches = new Map();
  let moved = 0, under = null;
  map.addEventListener("pointerdown", (event) => {
    if (event.target.closest(".tools")) return;
    under = event.target.closest(".c");
    touches.set(event.pointerId, event);
    moved = 0;
    map.setPointerCapture(event.pointerId);
  });
  map.addEventListener("pointermove", (event) => {
    const before = touches.get(event.pointerId);
    if (!before) {
      const node = event.target.closest(".c"), key = node ? keyOf(node) : "";
      hint(key, event);
      light(key || picked);
      return;
    }
    const other = [...touches.values()].find((each) => each.pointerId !== event.pointerId);
    if (other) {
      const span = (one) => Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY), at = map.getBoundingClientRect();
      zoom(span(event) / Math.max(1, span(before)), (event.clientX + other.clientX) / 2 - at.left, (event.clientY + other.clientY) / 2 - at.top);
      moved = 99;
    } else {
      moved += Math.abs(event.clientX - before.clientX) + Math.abs(event.clientY - before.clientY);
      pan(event.clientX - before.clientX, event.clientY - before.clientY);
    }
    touches.set(event.pointerId, event);
  });
  const end = (event) => {
    if (!touches.delete(event.pointerId)) return;
    if (event.type === "pointerup" && moved < 5) {
      if (under) open(keyOf(under), true);
      else if (picked) open(picked);
    }
  };
  map.addEventListener("pointerup", end);
  map.addEventListener("pointercancel", end);
  map.addEventListener("pointerleave", () => { hint(""); light(picked); });
  map.addEventListener("wheel", (event) => {
    event.preventDefault();
    const at = map.getBoundingClientRect();
    zoom(Math.exp(-event.deltaY * 0.0016), event.clientX - at.left, event.clientY - at.top);
  }, { passive: false });
  map.addEventListener("keydown", (event) => {
    const step = 60, does = {
      "+": () => zoom(1.4), "=": () => zoom(1.4), "-": () => zoom(1 / 1.4), "0": home,
      ArrowLeft: () => pan(step, 0), ArrowRight: () => pan(-step, 0), ArrowUp: () => pan(0, step), ArrowDown: () => pan(0, -step),
      Escape: () => picked && open(picked),
    }[event.key];
    if (does && !event.ctrlKey && !event.metaKey) { event.preventDefault(); does(); }
  });
  map.querySelectorAll("[data-do]").forEach((button) => button.addEventListener("click", () => ({ in: () => zoom(1.5), out: () => zoom(1 / 1.5), home })[button.dataset.do]()));

  document.querySelectorAll("[data-open]").forEach((button) => {
    button.addEventListener("click", () => open(button.dataset.open));
    button.addEventListener("focus", () => light(button.dataset.open));
    button.addEventListener("blur", () => light(picked));
  });
  document.querySelectorAll("[data-toggle]").forEach((input) => input.addEventListener("change", () => {
    const key = input.dataset.toggle;
    partsOf(key).forEach((node) => node.classList.toggle("off", !input.checked));
    world.querySelectorAll(`.n-${CSS.escape(key)}`).forEach((node) => node.classList.toggle("off", !input.checked));
  }));
  document.querySelectorAll("[data-part]").forEach((input) => input.addEventListener("change", () => {
    const part = input.dataset.part === "names" ? document.getElementById("names") : world.querySelector(".ground");
    part.classList.toggle("off", !input.checked);
  }));
  window.addEventListener("resize", show);
  window.addEventListener("beforeprint", home);
  begin();
})();
