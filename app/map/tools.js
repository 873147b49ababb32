/* Furniture of the map: home, measure, scale bar, legend, footer. Every text is set as text, never as markup. */
"use strict";

(function (Atlas) {
  /** Make an element with attributes and children; strings become text. */
  Atlas.make = function (tag, attributes = {}, ...children) {
    const node = document.createElement(tag);
    for (const [key, value] of Object.entries(attributes)) {
      if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
      else if (value !== null && value !== undefined && value !== false) node.setAttribute(key, value === true ? "" : value);
    }
    node.append(...children.filter((child) => child !== null));
    return node;
  };
  const make = Atlas.make;

  function icon(d) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 20 20");
    svg.setAttribute("aria-hidden", "true");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", d);
    svg.append(path);
    return svg;
  }

  /** The column of buttons: zoom in, zoom out, home, measure. */
  Atlas.Buttons = class {
    constructor(root, actions) {
      const button = (name, d, action) => {
        const node = make("button", { type: "button", class: "tool", "data-tool": name, onclick: action }, icon(d));
        this[name] = node;
        return node;
      };
      root.append(make("div", { class: "tools" },
        make("div", { class: "pair" },
          button("zoomIn", "M10 4v12M4 10h12", actions.zoomIn), button("zoomOut", "M4 10h12", actions.zoomOut)),
        button("home", "M3 10 10 4l7 6M5.5 9v7h9V9", actions.home),
        button("measure", "M2.5 12.5l10-10 5 5-10 10zM5.5 9.5l2 2M8 7l3 3M10.5 4.5l2 2", actions.measure)));
    }
    speak(words) {
      for (const name of ["zoomIn", "zoomOut", "home", "measure"]) {
        this[name].title = words[`tool_${name}`];
        this[name].setAttribute("aria-label", words[`tool_${name}`]);
      }
    }
    press(name, on) { this[name].setAttribute("aria-pressed", on ? "true" : "false"); }
  };

  /** A scale bar that is true at the latitude of the map's middle. */
  Atlas.Scale = class {
    constructor(root) {
      this.bar = make("div", { class: "bar" });
      this.text = make("div", {});
      root.append(make("div", { class: "scale" }, this.bar, this.text));
    }
    update(map) {
      const size = map.getSize();
      if (!size.x) return;
      const at = (dx) => { const p = map.containerPointToLatLng([size.x / 2 + dx, size.y / 2]); return Atlas.toMetric(p.lng, p.lat); };
      const a = at(-50), b = at(50), perPx = Math.hypot(b[0] - a[0], b[1] - a[1]) / 100;
      const goal = perPx * 120, power = 10 ** Math.floor(Math.log10(goal));
      const round = [5, 2, 1].map((k) => k * power).find((k) => k <= goal);
      this.bar.style.width = `${Math.round(round / perPx)}px`;
      this.text.textContent = round >= 1000 ? `${round / 1000} km` : `${round} m`;
      this.bar.dataset.metres = round;
    }
  };

  /** The legend: swatches as pictures, text as text; it can be closed. */
  Atlas.Legend = class {
    constructor(root, moved) {
      this.head = make("button", { type: "button", class: "legend-head" });
      this.body = make("div", { class: "legend-body", id: "legend-body" });
      this.head.setAttribute("aria-controls", "legend-body");
      this.head.addEventListener("click", () => { this.open = !this.open; this.fold(); moved(); });
      this.box = make("section", { class: "legend" }, this.head, this.body);
      root.append(this.box);
      // The frame gets its height late; the page around it has it from the start.
      this.open = window.innerWidth > 640 && window.parent.innerHeight > 520;
    }
    fold() {
      this.box.classList.toggle("closed", !this.open);
      this.head.setAttribute("aria-expanded", this.open);
      this.mark.textContent = this.words[this.open ? "legend_close" : "legend_open"];
    }
    show(entries, words) {
      this.words = words;
      this.mark = make("span", { class: "quiet" });
      this.head.replaceChildren(make("b", {}, words.legend), this.mark);
      this.body.replaceChildren(...entries.map((column) => make("ul", {}, ...column.map((entry) => make("li", entry.none ? { class: "none" } : {},
        make("img", { src: entry.image, alt: "", width: 34, height: 16 }), make("span", {}, entry.text),
        entry.none ? make("small", {}, words.legend_none) : null)))));
      this.box.style.display = entries.length ? "" : "none";
      this.fold();
    }
  };

  /** Measuring: clicks add corners; double click or Enter ends, Esc clears. */
  Atlas.Ruler = class {
    constructor(root, map, surface) {
      this.map = map; this.surface = surface; this.on = false; this.points = []; this.next = null; this.done = false;
      this.label = make("output", { class: "measure", hidden: true });
      root.append(this.label);
    }
    toggle(on = !this.on) {
      this.on = on; this.points = []; this.next = null; this.done = false;
      this.map.getContainer().classList.toggle("measuring", on);
      this.map.doubleClickZoom[on ? "disable" : "enable"]();
      this.show();
    }
    add(latlng) {
      if (this.done) { this.points = []; this.done = false; }
      this.points.push([latlng.lng, latlng.lat]);
      this.show();
    }
    end() { this.done = true; this.next = null; this.show(); }
    move(latlng) { if (this.points.length && !this.done) { this.next = [latlng.lng, latlng.lat]; this.show(); } }
    speak(words) { this.words = words; }
    show() {
      const line = this.next ? [...this.points, this.next] : this.points, { length, area } = Atlas.measure(line);
      const km = (m) => (m >= 10000 ? `${(m / 1000).toFixed(1)} km` : m >= 1000 ? `${(m / 1000).toFixed(2)} km` : `${Math.round(m)} m`);
      this.label.hidden = !this.on;
      const parts = [line.length > 1 ? `${this.words.measure_length} ${km(length)}` : this.words.measure_start];
      if (area) parts.push(`${this.words.measure_area} ${(area / 1e6).toFixed(area < 1e7 ? 2 : 1)} km²`);
      this.label.textContent = parts.join("   ");
      this.surface.redraw();
    }
    paint(ctx, view) {
      if (!this.on || !this.points.length) return;
      const line = this.next ? [...this.points, this.next] : this.points;
      const shape = Atlas.shape({ type: "LineString", coordinates: line });
      Atlas.outline(ctx, shape, view, "#FFFFFF", 5);
      Atlas.outline(ctx, shape, view, "#9B2D1F", 2);
      for (let i = 0; i < shape.paths[0].length; i += 2) {
        ctx.fillStyle = "#FFFFFF"; ctx.strokeStyle = "#9B2D1F"; ctx.lineWidth = 2;
        ctx.beginPath();
        ctx.arc(shape.paths[0][i] * view.scale - view.ox, shape.paths[0][i + 1] * view.scale - view.oy, 4, 0, 7);
        ctx.fill(); ctx.stroke();
      }
    }
  };

  /** The strip under the map: coordinates, their system, what the map rests on. */
  Atlas.Footer = class {
    constructor(root, chosen) {
      this.position = make("output", { class: "position" });
      this.select = make("select", { onchange: () => chosen(this.select.value) });
      this.note = make("span", { class: "note" });
      root.append(make("div", { class: "footer" }, this.position, this.select, this.note));
    }
    show(state) {
      this.crs = state.crs;
      this.select.setAttribute("aria-label", state.words.crs);
      this.select.replaceChildren(...state.crs_names.map(([value, text]) => make("option", { value, selected: value === state.crs }, text)));
      this.note.textContent = state.note;
    }
    tell(latlng) { this.position.textContent = Atlas.tell(latlng.lng, latlng.lat, this.crs); }
  };
})(window.Atlas);
