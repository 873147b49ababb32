/* Points of places on the map (state.points: id, lon, lat, sh, f, n, zh, en): a form and a colour by family, larger where
   a text names the place more often. app/text/families.py draws the same forms for the legend. Where they would cover each
   other, those mentioned less shrink to dots until there is room for them. */
"use strict";

(function (Atlas) {
  const LEAST = 4, MOST = 9.5, REACH = 5, DOT = 2.1, ROOM = 1.15, ALL_FROM = 14;
  const FORMS = {
    disc: (c, r) => c.arc(0, 0, r, 0, 7),
    square: (c, r) => c.rect(-0.9 * r, -0.9 * r, 1.8 * r, 1.8 * r),
    drop: (c, r) => { c.moveTo(0, -1.4 * r); c.bezierCurveTo(0.6 * r, -0.5 * r, r, -0.1 * r, r, 0.4 * r); c.arc(0, 0.4 * r, r, 0, Math.PI); c.bezierCurveTo(-r, -0.1 * r, -0.6 * r, -0.5 * r, 0, -1.4 * r); c.closePath(); },
    cross: (c, r) => { const a = 0.4 * r, b = 1.2 * r; for (const [x, y] of [[-a, -b], [a, -b], [a, -a], [b, -a], [b, a], [a, a], [a, b], [-a, b], [-a, a], [-b, a], [-b, -a], [-a, -a]]) c.lineTo(x, y); c.closePath(); },
    diamond: (c, r) => { c.moveTo(0, -1.28 * r); c.lineTo(1.28 * r, 0); c.lineTo(0, 1.28 * r); c.lineTo(-1.28 * r, 0); c.closePath(); },
    triangle: (c, r) => { c.moveTo(0, -1.2 * r); c.lineTo(1.2 * r, r); c.lineTo(-1.2 * r, r); c.closePath(); },
  };
  const full = (point) => Math.min(MOST, LEAST + 1.1 * Math.sqrt(point.n));
  const radius = (point) => (point.dot ? DOT : full(point));
  const spot = (point, view) => {
    if (!point.u) point.u = Atlas.unit(point.lon, point.lat);
    return [point.u[0] * view.scale - view.ox, point.u[1] * view.scale - view.oy];
  };

  /** Make a dot of each point that one mentioned more leaves no room for; close to, all have their form. */
  function thin(points, view) {
    if (points.thinned === view.scale) return;
    points.thinned = view.scale;
    const all = view.scale >= 256 * 2 ** ALL_FROM, cells = new Map(), size = 2 * MOST;
    for (const point of points) {
      const [x, y] = spot(point, { scale: view.scale, ox: 0, oy: 0 }), r = full(point), cx = Math.floor(x / size), cy = Math.floor(y / size);
      let free = true;
      for (let i = cx - 1; i <= cx + 1 && free; i++) for (let j = cy - 1; j <= cy + 1 && free; j++) free = !(cells.get(`${i} ${j}`) || []).some((o) => Math.hypot(o.x - x, o.y - y) < ROOM * (o.r + r));
      point.dot = !all && !free;
      if (point.dot) continue;
      const cell = `${cx} ${cy}`;
      if (!cells.has(cell)) cells.set(cell, []);
      cells.get(cell).push({ x, y, r });
    }
  }
  const seen = ([x, y], view) => x > view.min.x - 20 && y > view.min.y - 20 && x < view.min.x + view.size.x + 20 && y < view.min.y + view.size.y + 20;

  /** Paint points: dots on the ground, then the most mentioned first, so that no small one is lost under a large one. */
  Atlas.paintPoints = function (ctx, points, view, chosen, hover) {
    thin(points, view);
    for (const point of [...points.filter((each) => each.dot), ...points.filter((each) => !each.dot)]) {
      const [x, y] = spot(point, view), r = (point.id === hover ? full(point) + 1.5 : radius(point));
      if (!seen([x, y], view)) continue;
      ctx.save();
      ctx.translate(x, y);
      ctx.globalAlpha = chosen && point.id !== chosen ? 0.55 : 0.92;
      ctx.beginPath();
      FORMS[point.sh](ctx, r);
      ctx.lineWidth = point.dot ? 1.4 : 2.4; ctx.strokeStyle = "#FFFFFF"; ctx.stroke();
      ctx.fillStyle = point.f; ctx.fill();
      ctx.restore();
    }
  };

  /** The point under the pointer: the last painted, that is the smallest, of those in reach. */
  Atlas.findPoint = function (points, map, latlng) {
    const p = map.latLngToContainerPoint(latlng);
    let best = null, least = Infinity;
    for (const point of points) {
      if (point.dot && best && !best.dot && least <= 0) continue;
      const q = map.latLngToContainerPoint([point.lat, point.lon]), d = Math.hypot(p.x - q.x, p.y - q.y) - radius(point);
      if (d <= REACH && (d <= Math.max(least, 0) || (best.dot && !point.dot && d <= 0))) { best = point; least = d; }
    }
    return best;
  };

  /** Names that the points in sight wish for, the most mentioned first. */
  Atlas.pointWishes = function (points, view, most) {
    thin(points, view);
    return points.filter((point) => !point.dot && seen(spot(point, view), view)).slice(0, most).map((point, i) => {
      if (!point.shape) point.shape = Atlas.shape({ type: "Point", coordinates: [point.lon, point.lat] });
      return { name: { zh: point.zh, en: point.en, k: "place", px: point.n > 9 ? 13 : 12, ink: point.f, b: point.n > 9 ? 1 : 0, at: 10, shape: point.shape }, rank: -5 + i * 0.001, alpha: 1, keep: 0, view };
    });
  };

  /** Paint a point that the reader sets, with the circle of its accuracy (metres). */
  Atlas.paintPin = function (ctx, pin, view) {
    const [ux, uy] = Atlas.unit(pin.lon, pin.lat), x = ux * view.scale - view.ox, y = uy * view.scale - view.oy;
    const r = pin.accuracy_m * view.scale / (40075016.686 * Math.cos(pin.lat * Math.PI / 180));
    ctx.save();
    if (r > 3) { ctx.beginPath(); ctx.arc(x, y, r, 0, 7); ctx.fillStyle = "rgb(155 45 31 / 12%)"; ctx.fill(); ctx.setLineDash([5, 4]); ctx.strokeStyle = "#9B2D1F"; ctx.lineWidth = 1.4; ctx.stroke(); ctx.setLineDash([]); }
    ctx.strokeStyle = "#FFFFFF"; ctx.lineWidth = 6; ctx.beginPath(); ctx.moveTo(x - 9, y); ctx.lineTo(x + 9, y); ctx.moveTo(x, y - 9); ctx.lineTo(x, y + 9); ctx.stroke();
    ctx.strokeStyle = "#9B2D1F"; ctx.lineWidth = 3; ctx.stroke();
    ctx.restore();
  };
})(window.Atlas);
