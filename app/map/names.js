/* Names on the canvas: letters in pixels with a halo, along a line or beside a point, in order of claim. */
"use strict";

(function (Atlas) {
  Atlas.SANS = '"Noto Sans CJK SC","Source Han Sans SC","Microsoft YaHei","PingFang SC","WenQuanYi Micro Hei",sans-serif';
  Atlas.SERIF = '"Noto Serif CJK SC","Source Han Serif SC","Songti SC","SimSun",' + Atlas.SANS;
  /** Type is a little smaller on a small map. */
  Atlas.type = 1;
  const AIR = 3, LEADING = 1.18, LONGEST_ZH = 9, LONGEST_EN = 22;

  /** Prepare the names of a file. */
  Atlas.readNames = (features) => features.map((feature) => ({ ...feature.properties, shape: Atlas.shape(feature.geometry) }));

  /** Break a name in two near its middle, at a blank if it has any. */
  function lines(text) {
    const latin = /[a-z]/i.test(text);
    if (text.length <= (latin ? LONGEST_EN : LONGEST_ZH) || (latin && !text.includes(" "))) return [text];
    const middle = text.length / 2;
    let at = Math.ceil(middle);
    const breaks = [...text].map((c, i) => (" -–—、·".includes(c) ? i + 1 : 0)).filter((i) => i > 2 && i < text.length - 2);
    if (breaks.length) at = breaks.reduce((a, b) => (Math.abs(b - middle) < Math.abs(a - middle) ? b : a));
    return [text.slice(0, at).trim(), text.slice(at).trim()];
  }

  function font(name, px) { return `${name.b ? 700 : 400} ${px}px ${name.se ? Atlas.SERIF : Atlas.SANS}`; }

  function overlap(boxes, taken) {
    let area = 0;
    for (const a of boxes) {
      for (const b of taken) {
        const w = Math.min(a[2], b[2]) - Math.max(a[0], b[0]) + AIR, h = Math.min(a[3], b[3]) - Math.max(a[1], b[1]) + AIR;
        if (w > 0 && h > 0) area += w * h;
      }
    }
    return area;
  }

  /** Ways to set a name at a point: centred on it, or beside its symbol. */
  function blocks(ctx, name, text, x, y) {
    const px = name.px * Atlas.type, rows = lines(text), spacing = /[a-z]/i.test(text) ? 0 : (name.sp || 0) * px;
    ctx.font = font(name, px);
    const widths = rows.map((row) => ctx.measureText(row).width + spacing * Math.max(0, row.length - 1));
    const w = Math.max(...widths), h = rows.length * px * LEADING, gap = name.at || (name.dot ? 9 : 0);
    const places = gap
      ? [[w / 2 + gap, 0], [-w / 2 - gap, 0], [0, -h / 2 - gap + 2], [0, h / 2 + gap - 2],
        [w / 2 + gap / 2, -h / 2 - 3], [w / 2 + gap / 2, h / 2 + 3], [-w / 2 - gap / 2, -h / 2 - 3], [-w / 2 - gap / 2, h / 2 + 3]]
      : [[0, 0], [0, -h * 0.8], [0, h * 0.8], [-w * 0.4, 0], [w * 0.4, 0], [-w * 0.4, -h * 0.8], [w * 0.4, -h * 0.8],
        [-w * 0.4, h * 0.8], [w * 0.4, h * 0.8], [0, -h * 1.5], [0, h * 1.5], [-w * 0.75, 0], [w * 0.75, 0], [0, -h * 2.2], [0, h * 2.2],
        [-w * 0.75, -h * 1.5], [w * 0.75, -h * 1.5], [-w * 0.75, h * 1.5], [w * 0.75, h * 1.5]];
    // A base map's name stays on what it names; a component's may stand aside.
    return places.slice(0, name.g && !gap && !["county", "town"].includes(name.k) ? 9 : places.length).map(([dx, dy]) => {
      const cx = x + dx, cy = y + dy, glyphs = [];
      rows.forEach((row, i) => {
        const ry = cy - h / 2 + (i + 0.5) * px * LEADING;
        if (!spacing) { glyphs.push([row, cx, ry, 0]); return; }
        let at = cx - widths[i] / 2;
        for (const letter of row) {
          const own = ctx.measureText(letter).width;
          glyphs.push([letter, at + own / 2, ry, 0]);
          at += own + spacing;
        }
      });
      return { glyphs, px, boxes: [[cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2]] };
    });
  }

  /** Set letters along a line, outward from its middle, with a spacing that follows the map within limits. */
  function curve(ctx, name, text, points, slide) {
    const px = name.px * Atlas.type, lengths = [0];
    for (let i = 1; i < points.length; i++) lengths.push(lengths[i - 1] + Math.hypot(points[i][0] - points[i - 1][0], points[i][1] - points[i - 1][1]));
    const total = lengths[lengths.length - 1], letters = [...text];
    const advance = Math.max(px * 1.08, Math.min(px * 2.2, total / Math.max(1, letters.length - 1)));
    ctx.font = font(name, px);
    const out = letters.map((letter, i) => {
      const at = total / 2 + (i - (letters.length - 1) / 2) * advance + slide;
      let k = lengths.findIndex((l) => l >= at);
      if (k < 1) k = at <= 0 ? 1 : points.length - 1;
      const a = points[k - 1], b = points[k], step = lengths[k] - lengths[k - 1] || 1, t = (at - lengths[k - 1]) / step;
      const angle = name.up ? 0 : Math.atan2(b[1] - a[1], b[0] - a[0]);
      return [letter, a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1]), angle];
    });
    // Between two letters the line bends at one corner: the mean of both sides turns them gently.
    if (!name.up) out.forEach((g, i) => { if (i && i < out.length - 1) g[3] = Math.atan2(out[i + 1][2] - out[i - 1][2], out[i + 1][1] - out[i - 1][1]); });
    const half = px * 0.56;
    return { glyphs: out, px, boxes: out.map(([, x, y]) => [x - half, y - half, x + half, y + half]) };
  }

  /**
   * Choose which names stand where.
   * wishes: {name, rank, alpha, weight, keep}; blocked: boxes of the furniture; frame: the visible part.
   */
  Atlas.placeNames = function (ctx, wishes, view, lang, blocked, frame) {
    const taken = blocked.slice(), told = new Set(), placed = [];
    const order = wishes.slice().sort((a, b) => a.rank - b.rank);
    for (const wish of order) {
      const name = wish.name, text = lang === "en" ? name.en || name.zh : name.zh, key = `${text}`;
      if (!text || told.has(key) || !Atlas.seen(name.shape, view)) continue;
      const points = [];
      const p = name.shape.paths[0];
      for (let i = 0; i < p.length; i += 2) points.push([p[i] * view.scale - view.ox, p[i + 1] * view.scale - view.oy]);
      let options;
      if (points.length > 1 && !/[a-z]{2}/i.test(text)) {
        const step = name.px * Atlas.type * 2.5;
        options = [0, 0.5 * step, -0.5 * step, step, -step].map((slide) => curve(ctx, name, text, points, slide));
      } else {
        const middle = points[Math.floor(points.length / 2)];
        options = blocks(ctx, name, text, middle[0], middle[1]);
      }
      let best = null, least = Infinity;
      for (const option of options) {
        const out = option.boxes.some((b) => b[0] < frame[0] || b[2] > frame[2] || b[1] < frame[1] || b[3] > frame[3]);
        const cost = overlap(option.boxes, taken) + (out ? 4000 : 0);
        if (cost < least) { least = cost; best = option; }
        if (cost === 0) break;
      }
      const own = best.boxes.reduce((sum, b) => sum + (b[2] - b[0]) * (b[3] - b[1]), 0);
      if (least > (wish.keep ? wish.keep * own : 0)) continue;
      told.add(key);
      // A town marked as left out says its name with that note: not again without it.
      if (name.un) told.add(lang === "en" ? name.un[1] || name.un[0] : name.un[0]);
      taken.push(...best.boxes);
      placed.push({ ...best, wish });
    }
    return placed;
  };

  /** Paint placed names, lowest claim first, so that the first stands on top. */
  Atlas.paintNames = function (ctx, placed, tones) {
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.lineJoin = "round";
    for (const { glyphs, px, wish } of placed.slice().reverse()) {
      const name = wish.name;
      ctx.font = font({ ...name, b: wish.weight ? 1 : name.b }, px);
      if (name.dot) {
        const p = name.shape.paths[0], { scale, ox, oy } = wish.view;
        ctx.globalAlpha = wish.alpha;
        ctx.fillStyle = "#FFFFFF"; ctx.strokeStyle = tones.ink; ctx.lineWidth = 1.4;
        ctx.beginPath(); ctx.rect(p[0] * scale - ox - 3, p[1] * scale - oy - 3, 6, 6); ctx.fill(); ctx.stroke();
      }
      for (const pass of [0, 1]) {
        for (const [text, x, y, angle] of glyphs) {
          ctx.save();
          ctx.translate(x, y);
          if (angle) ctx.rotate(angle);
          if (pass === 0) {
            if (!(name.k === "lake")) {
              ctx.globalAlpha = 0.9 * wish.alpha;
              ctx.strokeStyle = tones.halo;
              ctx.lineWidth = name.k === "component" ? 4 : 3.2;
              ctx.strokeText(text, 0, 0);
            }
          } else {
            ctx.globalAlpha = wish.alpha;
            ctx.fillStyle = wish.ink || name.ink;
            ctx.fillText(text, 0, 0);
          }
          ctx.restore();
        }
      }
    }
    ctx.globalAlpha = 1;
  };
})(window.Atlas);
