/* Geometry and paint: GeoJSON is projected once into the unit square of web Mercator and painted on plain canvases,
   because thousands of Leaflet paths cost ten times as much as the strokes themselves. */
"use strict";
window.Atlas = window.Atlas || {};

(function (Atlas) {
  const fetched = new Map();

  /** Fetch a JSON file once in the life of the page. */
  Atlas.fetchOnce = function (url) {
    if (!fetched.has(url)) {
      fetched.set(url, fetch(url).then((answer) => {
        if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
        return answer.json();
      }).catch((error) => { fetched.delete(url); throw error; }));
    }
    return fetched.get(url);
  };

  /** Longitude, latitude (degrees) to the unit square of web Mercator. */
  Atlas.unit = function (lon, lat) {
    const sine = Math.sin(lat * Math.PI / 180);
    return [lon / 360 + 0.5, 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)];
  };

  function path(coordinates) {
    const out = new Float64Array(coordinates.length * 2);
    coordinates.forEach(([lon, lat], i) => out.set(Atlas.unit(lon, lat), 2 * i));
    return out;
  }

  /** Turn a GeoJSON geometry into paths with a box: dim 2 rings, 1 lines, 0 points. */
  Atlas.shape = function (geometry) {
    const c = geometry.coordinates;
    const [dim, parts] = {
      Polygon: () => [2, c], MultiPolygon: () => [2, c.flat()],
      LineString: () => [1, [c]], MultiLineString: () => [1, c],
      Point: () => [0, [[c]]], MultiPoint: () => [0, [c]],
    }[geometry.type]();
    const paths = parts.map(path);
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    for (const p of paths) {
      for (let i = 0; i < p.length; i += 2) {
        if (p[i] < box[0]) box[0] = p[i];
        if (p[i] > box[2]) box[2] = p[i];
        if (p[i + 1] < box[1]) box[1] = p[i + 1];
        if (p[i + 1] > box[3]) box[3] = p[i + 1];
      }
    }
    return { dim, paths, box };
  };

  /** A canvas that keeps up with the map; `draw(surface, context, view)` paints it. */
  Atlas.Surface = L.Renderer.extend({
    initialize(draw, options) { this._draw = draw; L.Renderer.prototype.initialize.call(this, options); },
    _initContainer() {
      const canvas = this._container = document.createElement("canvas");
      canvas.setAttribute("aria-hidden", "true");
      this._ctx = canvas.getContext("2d");
    },
    _destroyContainer() { this._container.remove(); delete this._container; },
    _updatePaths() {},
    _update() {
      if (this._map._animatingZoom && this._bounds) return;
      L.Renderer.prototype._update.call(this);
      const size = this._bounds.getSize(), ratio = window.devicePixelRatio || 1, canvas = this._container;
      L.DomUtil.setPosition(canvas, this._bounds.min);
      canvas.width = Math.round(size.x * ratio);
      canvas.height = Math.round(size.y * ratio);
      canvas.style.width = `${size.x}px`;
      canvas.style.height = `${size.y}px`;
      this.redraw();
    },
    /** Paint again without a change of view. */
    redraw() {
      if (!this._bounds || !this._map) return;
      const ratio = window.devicePixelRatio || 1, min = this._bounds.min, ctx = this._ctx, map = this._map;
      const scale = 256 * 2 ** map.getZoom(), origin = map.getPixelOrigin(), size = this._bounds.getSize();
      ctx.setTransform(ratio, 0, 0, ratio, -min.x * ratio, -min.y * ratio);
      ctx.clearRect(min.x, min.y, size.x, size.y);
      const box = [(min.x + origin.x) / scale, (min.y + origin.y) / scale,
        (min.x + size.x + origin.x) / scale, (min.y + size.y + origin.y) / scale];
      this._draw(ctx, { scale, ox: origin.x, oy: origin.y, box, min, size, zoom: map.getZoom() });
    },
  });

  /** Whether a shape's box meets the view. */
  Atlas.seen = (shape, view) => shape.box[0] <= view.box[2] && shape.box[2] >= view.box[0]
    && shape.box[1] <= view.box[3] && shape.box[3] >= view.box[1];

  /** Lay a shape's paths on the context. */
  Atlas.trace = function (ctx, shape, view) {
    ctx.beginPath();
    for (const p of shape.paths) {
      ctx.moveTo(p[0] * view.scale - view.ox, p[1] * view.scale - view.oy);
      for (let i = 2; i < p.length; i += 2) ctx.lineTo(p[i] * view.scale - view.ox, p[i + 1] * view.scale - view.oy);
      if (shape.dim === 2) ctx.closePath();
    }
  };

  /** Fill and stroke a shape; `more` changes opacity (alpha), fill (boost) and width (wider). */
  Atlas.paint = function (ctx, shape, paint, view, more = {}) {
    const alpha = more.alpha ?? 1;
    Atlas.trace(ctx, shape, view);
    if (paint.f && shape.dim === 2) {
      ctx.globalAlpha = Math.min(1, (paint.fo + (more.boost || 0)) * alpha);
      ctx.fillStyle = paint.f;
      ctx.fill("evenodd");
    }
    if (paint.st && paint.w && !more.noStroke) {
      ctx.globalAlpha = (paint.so ?? 1) * alpha;
      ctx.strokeStyle = paint.st;
      ctx.lineWidth = paint.w + (more.wider || 0);
      ctx.lineCap = paint.rc ? "round" : "butt";
      ctx.lineJoin = "round";
      ctx.setLineDash(paint.d || []);
      ctx.stroke();
      ctx.setLineDash([]);
    }
    ctx.globalAlpha = 1;
  };

  /** Stroke a shape plainly: casings and outlines. */
  Atlas.outline = function (ctx, shape, view, colour, width, alpha = 1, dash = []) {
    Atlas.trace(ctx, shape, view);
    ctx.globalAlpha = alpha;
    ctx.strokeStyle = colour;
    ctx.lineWidth = width;
    ctx.lineJoin = "round";
    ctx.setLineDash(dash);
    ctx.stroke();
    ctx.setLineDash([]);
    ctx.globalAlpha = 1;
  };

  /** Paint a point symbol: square, disc, ringed disc or numbered disc. */
  Atlas.symbol = function (ctx, shape, paint, view, more = {}) {
    const grow = more.wider || 0;
    for (const p of shape.paths) {
      for (let i = 0; i < p.length; i += 2) {
        const x = p[i] * view.scale - view.ox, y = p[i + 1] * view.scale - view.oy, half = (paint.sz + grow) / 2;
        ctx.globalAlpha = more.alpha ?? 1;
        ctx.fillStyle = paint.f || "#FFFFFF";
        ctx.strokeStyle = paint.st || "#FFFFFF";
        ctx.lineWidth = Math.max(1, paint.w || 0);
        if (more.ring) {
          ctx.save();
          ctx.fillStyle = "#FFFFFF"; ctx.strokeStyle = more.ring; ctx.lineWidth = 2;
          ctx.beginPath(); ctx.arc(x, y, Math.max(half, (paint.ou || 0) / 2) + 5, 0, 7); ctx.fill(); ctx.stroke();
          ctx.restore();
        }
        if (paint.sh === "square") {
          ctx.globalAlpha *= 1;
          ctx.fillRect(x - half, y - half, 2 * half, 2 * half);
          ctx.strokeRect(x - half, y - half, 2 * half, 2 * half);
        } else {
          if (paint.sh === "ringed-disc") {
            ctx.save();
            ctx.fillStyle = "#FFFFFF"; ctx.strokeStyle = paint.f; ctx.lineWidth = 1.6;
            ctx.beginPath(); ctx.arc(x, y, paint.ou / 2, 0, 7); ctx.fill(); ctx.stroke();
            ctx.restore();
          }
          ctx.beginPath(); ctx.arc(x, y, half, 0, 7); ctx.fill();
          if (paint.sh !== "ringed-disc" && paint.w) ctx.stroke();
          if (paint.t) {
            ctx.fillStyle = "#FFFFFF";
            ctx.font = `bold ${Math.round(half * 1.25)}px ${Atlas.SANS}`;
            ctx.textAlign = "center"; ctx.textBaseline = "middle";
            ctx.fillText(paint.t, x, y + 0.5);
          }
        }
        ctx.globalAlpha = 1;
      }
    }
  };

  /** Whether a point of the unit square lies in a shape; lines and points count within `reach` (unit lengths). */
  Atlas.holds = function (shape, x, y, reach) {
    const b = shape.box;
    if (x < b[0] - reach || x > b[2] + reach || y < b[1] - reach || y > b[3] + reach) return false;
    if (shape.dim === 2) {
      let inside = false;
      for (const p of shape.paths) {
        for (let i = 0, j = p.length - 2; i < p.length; j = i, i += 2) {
          if ((p[i + 1] > y) !== (p[j + 1] > y)
            && x < (p[j] - p[i]) * (y - p[i + 1]) / (p[j + 1] - p[i + 1]) + p[i]) inside = !inside;
        }
      }
      return inside;
    }
    for (const p of shape.paths) {
      for (let i = 0; i < p.length; i += 2) {
        if (shape.dim === 0) {
          if (Math.hypot(p[i] - x, p[i + 1] - y) <= reach) return true;
        } else if (i) {
          const dx = p[i] - p[i - 2], dy = p[i + 1] - p[i - 1], l2 = dx * dx + dy * dy;
          const t = l2 ? Math.max(0, Math.min(1, ((x - p[i - 2]) * dx + (y - p[i - 1]) * dy) / l2)) : 0;
          if (Math.hypot(p[i - 2] + t * dx - x, p[i - 1] + t * dy - y) <= reach) return true;
        }
      }
    }
    return false;
  };
})(window.Atlas);
