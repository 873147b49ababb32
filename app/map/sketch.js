/* Drawing an area (state.sketch: "rect" or "polygon") and showing the one that is asked of (state.area, GeoJSON). A rectangle
   takes two corners; a polygon ends with a double click, Enter, or its first corner again. Esc gives up. */
"use strict";

(function (Atlas) {
  const RED = "#9B2D1F", REACH_PX = 12, LEAST = 3;

  Atlas.Sketch = class {
    /** `done(ring)` gets the corners as [lon, lat]; `gave()` is told when the reader gives up. */
    constructor(map, surface, done, gave) { Object.assign(this, { map, surface, done, gave, mode: "", points: [], next: null }); }
    get on() { return Boolean(this.mode); }
    set(mode) {
      if ((mode || "") === this.mode) return;
      this.mode = mode || ""; this.points = []; this.next = null;
      this.map.getContainer().classList.toggle("measuring", this.on);
      this.map.doubleClickZoom[this.on ? "disable" : "enable"]();
      this.surface.redraw();
    }
    add(latlng) {
      const p = this.map.latLngToContainerPoint(latlng);
      if (this.points.length) {
        const [first, last] = [this.points[0], this.points[this.points.length - 1]].map(([lon, lat]) => this.map.latLngToContainerPoint([lat, lon]));
        if (this.mode === "polygon" && this.points.length >= LEAST && p.distanceTo(first) < REACH_PX) { this.end(); return; }
        // The second half of a double click is no corner of its own; at the keyboard the same spot twice ends.
        if (p.distanceTo(last) < 2) { this.end(); return; }
      }
      this.points.push([+latlng.lng.toFixed(6), +latlng.lat.toFixed(6)]);
      if (this.mode === "rect" && this.points.length === 2) this.end();
      else this.surface.redraw();
    }
    move(latlng) { if (this.points.length) { this.next = [latlng.lng, latlng.lat]; this.surface.redraw(); } }
    ring() {
      if (this.mode !== "rect" || this.points.length < 2) return this.points;
      const [[w, s], [e, n]] = this.points;
      return [[w, s], [e, s], [e, n], [w, n]];
    }
    end() {
      const ring = this.ring();
      if (ring.length < LEAST) return;
      this.set("");
      this.done(ring);
    }
    cancel() { this.set(""); this.gave(); }
    paint(ctx, view) {
      if (!this.on || !this.points.length) return;
      let line = this.next ? [...this.points, this.next] : this.points;
      if (this.mode === "rect" && line.length === 2) { const [[w, s], [e, n]] = line; line = [[w, s], [e, s], [e, n], [w, n]]; }
      if (line.length >= LEAST) Atlas.paint(ctx, Atlas.shape({ type: "Polygon", coordinates: [[...line, line[0]]] }), { f: RED, fo: 0.08 }, view);
      const shape = Atlas.shape({ type: "LineString", coordinates: line.length >= LEAST ? [...line, line[0]] : line });
      Atlas.outline(ctx, shape, view, "#FFFFFF", 5);
      Atlas.outline(ctx, shape, view, RED, 2);
      for (const [lon, lat] of this.points) {
        const [x, y] = Atlas.unit(lon, lat);
        ctx.fillStyle = "#FFFFFF"; ctx.strokeStyle = RED; ctx.lineWidth = 2;
        ctx.beginPath(); ctx.arc(x * view.scale - view.ox, y * view.scale - view.oy, 4, 0, 7); ctx.fill(); ctx.stroke();
      }
    }
  };

  /** Paint the area that is asked of. */
  Atlas.paintArea = function (ctx, area, view) {
    if (!area.drawn) area.drawn = Atlas.shape(area);
    Atlas.paint(ctx, area.drawn, { f: RED, fo: 0.05 }, view);
    Atlas.outline(ctx, area.drawn, view, "#FFFFFF", 5, 0.9);
    Atlas.outline(ctx, area.drawn, view, RED, 2, 1, [7, 4]);
  };
})(window.Atlas);
