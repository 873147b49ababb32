"""Fields: what is to be kept clear of, summed on a lattice once, so that any box tells its share at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    FloatArray = NDArray[np.float64]

_CELL_MM = 0.5


class Field:
    """A quantity over the frame, in mm from its lower left corner.

    Parameters
    ----------
    size
        Width and height of the frame, mm.
    """

    def __init__(self, size: FloatArray) -> None:
        self.shape = np.maximum(np.ceil(size / _CELL_MM), 1).astype(int)[::-1]
        self.grid: FloatArray = np.zeros(tuple(self.shape))
        self.table: FloatArray | None = None

    def add_lines(self, lines: BaseGeometry, weight: float) -> None:
        """Add lines by their length."""
        parts = shapely.get_parts(shapely.segmentize(lines, _CELL_MM / 2.0))
        points, index = shapely.get_coordinates(parts, return_index=True)
        if len(points) < 2:  # noqa: PLR2004
            return
        along = index[1:] == index[:-1]
        lengths = np.hypot(*(points[1:] - points[:-1]).T)[along]
        cells = (((points[1:] + points[:-1]) / 2.0)[along] / _CELL_MM).astype(int)
        inside = np.all((cells >= 0) & (cells < self.shape[::-1]), axis=1)
        np.add.at(self.grid, (cells[inside, 1], cells[inside, 0]), weight * lengths[inside])

    def add_area(self, area: BaseGeometry, weight: float) -> None:
        """Add polygons by their area."""
        if area.is_empty:
            return
        xmin, ymin, xmax, ymax = np.array(area.bounds) / _CELL_MM
        low = np.maximum(np.floor([xmin, ymin]), 0).astype(int)
        high = np.minimum(np.ceil([xmax, ymax]), self.shape[::-1]).astype(int)
        if np.any(high <= low):
            return
        x, y = np.meshgrid(np.arange(low[0], high[0]) + 0.5, np.arange(low[1], high[1]) + 0.5)
        shapely.prepare(area)
        held = shapely.contains_xy(area, x.ravel() * _CELL_MM, y.ravel() * _CELL_MM).reshape(x.shape)
        self.grid[low[1] : high[1], low[0] : high[0]] += held * (weight * _CELL_MM**2)

    def sums(self, boxes: FloatArray) -> FloatArray:
        """Return what lies in each box (n by 4: xmin, ymin, xmax, ymax, mm)."""
        if self.table is None:
            self.table = np.pad(self.grid.cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))
        xmin, ymin, xmax, ymax = boxes.T / _CELL_MM
        corners = self._at(np.concatenate([xmax, xmin, xmax, xmin]), np.concatenate([ymax, ymax, ymin, ymin]))
        right_top, left_top, right_low, left_low = corners.reshape(4, -1)
        return np.maximum(right_top - left_top - right_low + left_low, 0.0)

    def _at(self, x: FloatArray, y: FloatArray) -> FloatArray:
        """Return what lies below and to the left of positions (in cells), between the lattice's lines in proportion."""
        table = self.table
        assert table is not None
        rows, columns = self.shape
        x, y = np.clip(x, 0.0, columns), np.clip(y, 0.0, rows)
        i, j = np.minimum(y.astype(int), rows - 1), np.minimum(x.astype(int), columns - 1)
        v, u = y - i, x - j
        return np.asarray(
            table[i, j] * (1 - u) * (1 - v)
            + table[i, j + 1] * u * (1 - v)
            + table[i + 1, j] * (1 - u) * v
            + table[i + 1, j + 1] * u * v
        )
