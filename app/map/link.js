/* Maps that show one view. state.link names the channel; linked maps are frames of one page, whose window carries the
   news. A map that is dragged moves the others as it goes; they draw anew when it comes to rest. */
"use strict";

(function (Atlas) {
  const NEWS = "atlas-view", SETTLING_MS = 700;

  Atlas.Link = class {
    constructor(map) {
      this.map = map; this.channel = null; this.following = false; this.goal = null; this.moved = false;
      const hear = (event) => this.hear(event.detail), page = window.parent;
      page.addEventListener(NEWS, hear);
      window.addEventListener("pagehide", () => page.removeEventListener(NEWS, hear));
      map.on("move", () => { if (!map._animatingZoom) this.tell(map.getCenter(), map.getZoom()); });
      map.on("moveend", () => this.tell(map.getCenter(), map.getZoom(), { end: true }));
      map.on("zoomanim", (event) => this.tell(event.center, event.zoom, { animate: true }));
    }
    /** Join a channel, or leave it (null). */
    join(channel) { this.channel = channel || null; }
    tell(center, zoom, more = {}) {
      if (!this.channel || this.following || this.reached(center, zoom)) return;
      this.goal = null;
      const news = { channel: this.channel, from: this, lat: center.lat, lng: center.lng, zoom, ...more };
      window.parent.dispatchEvent(new window.parent.CustomEvent(NEWS, { detail: news }));
    }
    /** Whether this is only the echo of what another map has told. */
    reached(center, zoom) {
      const goal = this.goal;
      return goal && performance.now() - goal.at < SETTLING_MS && Math.abs(goal.zoom - zoom) < 1e-6
        && this.map.project(center, zoom).distanceTo(this.map.project([goal.lat, goal.lng], zoom)) < 2;
    }
    hear(news) {
      if (!this.channel || news.channel !== this.channel || news.from === this) return;
      const { map } = this;
      this.goal = { ...news, at: performance.now() };
      this.following = true;
      try {
        if (Math.abs(map.getZoom() - news.zoom) > 1e-6) map.setView([news.lat, news.lng], news.zoom, { animate: Boolean(news.animate) });
        else {
          const to = map.project([news.lat, news.lng], news.zoom), offset = to.subtract(map.project(map.getCenter(), news.zoom)).round();
          if (offset.x || offset.y) { map._rawPanBy(offset); map.fire("move"); this.moved = true; }
          if (news.end && this.moved) { this.moved = false; map.fire("moveend"); }
        }
      } finally { this.following = false; }
    }
  };
})(window.Atlas);
