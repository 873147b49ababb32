/* Coordinates under the pointer, and lengths and areas: CGCS2000 / 3-degree Gauss-Kruger 120 E (EPSG:4549) and GCJ-02.
   The same formulas as geodata/crs.py; tests/browser compares the two. */
"use strict";

(function (Atlas) {
  const A = 6378137.0, F = 1 / 298.257222101, N = F / (2 - F), E2 = F * (2 - F), E = Math.sqrt(E2), RAD = Math.PI / 180;
  const R = A / (1 + N) * (1 + N ** 2 / 4 + N ** 4 / 64);
  const ALPHA = [N / 2 - 2 * N ** 2 / 3 + 5 * N ** 3 / 16, 13 * N ** 2 / 48 - 3 * N ** 3 / 5, 61 * N ** 3 / 240];

  /** Longitude, latitude (degrees) to easting, northing in EPSG:4549, metres (Krueger's series, to the millimetre). */
  Atlas.toMetric = function (lon, lat) {
    const phi = lat * RAD, lam = (lon - 120) * RAD, s = Math.sin(phi);
    const t = Math.sinh(Math.atanh(s) - E * Math.atanh(E * s));
    const xi = Math.atan2(t, Math.cos(lam)), eta = Math.atanh(Math.sin(lam) / Math.hypot(1, t));
    let x = xi, y = eta;
    ALPHA.forEach((a, i) => {
      const k = 2 * (i + 1);
      x += a * Math.sin(k * xi) * Math.cosh(k * eta);
      y += a * Math.cos(k * xi) * Math.sinh(k * eta);
    });
    return [500000 + R * y, R * x];
  };

  const KA = 6378245.0, KE2 = 0.00669342162296594323;

  /** WGS 84 degrees to GCJ-02. */
  Atlas.toGcj02 = function (lon, lat) {
    const x = lon - 105, y = lat - 35, root = Math.sqrt(Math.abs(x)), sin = (v) => Math.sin(v * Math.PI);
    const waves = 20 * sin(6 * x) + 20 * sin(2 * x);
    let north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root;
    north += (waves + 20 * sin(y) + 40 * sin(y / 3)) * 2 / 3 + (160 * sin(y / 12) + 320 * sin(y / 30)) * 2 / 3;
    let east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root;
    east += (waves + 20 * sin(x) + 40 * sin(x / 3)) * 2 / 3 + (150 * sin(x / 12) + 300 * sin(x / 30)) * 2 / 3;
    const phi = lat * RAD, w2 = 1 - KE2 * Math.sin(phi) ** 2;
    return [lon + east / (KA / Math.sqrt(w2) * Math.cos(phi)) / RAD, lat + north / (KA * (1 - KE2) / (w2 * Math.sqrt(w2))) / RAD];
  };

  /** Length of a line and area of its closed ring, metres and square metres, in EPSG:4549. */
  Atlas.measure = function (points) {
    const flat = points.map(([lon, lat]) => Atlas.toMetric(lon, lat));
    let length = 0, twice = 0;
    flat.forEach(([x, y], i) => {
      const [u, v] = flat[(i + 1) % flat.length];
      if (i + 1 < flat.length) length += Math.hypot(u - x, v - y);
      twice += x * v - u * y;
    });
    return { length, area: points.length > 2 ? Math.abs(twice) / 2 : 0 };
  };

  /** The pointer's position as text in a coordinate system. */
  Atlas.tell = function (lon, lat, crs) {
    const degrees = (x, y) => `${x.toFixed(5)}°E  ${y.toFixed(5)}°N`;
    if (crs === "4549") {
      const [e, n] = Atlas.toMetric(lon, lat);
      return `E ${e.toFixed(1)}  N ${n.toFixed(1)} m`;
    }
    return crs === "gcj02" ? degrees(...Atlas.toGcj02(lon, lat)) : degrees(lon, lat);
  };
})(window.Atlas);
