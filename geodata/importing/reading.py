"""A map file as a table: its features with their raw coordinates, its fields as text, what it says of itself.

The encoding is found by fit: the caller says how many of some texts are names that it knows.
"""

from __future__ import annotations

import csv
import io
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError
from pyproj.exceptions import CRSError

from geodata.importing.unpacking import UnreadableFileError, form_of, unpacked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from pyproj import CRS

    Count = Callable[[Sequence[str]], int]

ENCODINGS: Final = ("UTF-8", "GB18030", "BIG5")
"""Encodings that are tried; GB18030 holds GBK and GB 2312."""
_BY_TEXT: Final = (".shp", ".csv", ".dxf")
"""Forms that do not say surely what their text is in."""
_MOST_FEATURES: Final = 200_000
_MOST_VERTICES: Final = 5_000_000
_SAMPLE: Final = 400
_LONGEST_CELL: Final = 10_000_000
_LON_NAMES: Final = ("lon", "lng", "long", "longitude", "经度", "x", "x坐标", "easting", "东坐标", "东经")
_LAT_NAMES: Final = ("lat", "latitude", "纬度", "y", "y坐标", "northing", "北坐标", "北纬")
_WKT_NAMES: Final = ("wkt", "geometry", "geom", "the_geom", "shape", "图形")
_EMPTY: Final = ("", "nan", "None", "<NA>", "NaT")


@dataclass(frozen=True, kw_only=True, slots=True)
class LayerInfo:
    """A layer of a file."""

    name: str
    rows: int
    form: str
    """Type of its geometry, as the file says."""


@dataclass(frozen=True, kw_only=True, eq=False, slots=True)
class Table:
    """A layer as it was read.

    Attributes
    ----------
    geometry
        Two-dimensional, in the file's own coordinates; None where a feature has none.
    fields
        Texts by field, a value for each feature; what is missing is "".
    declared
        The coordinate system that the file names, or None where it names none or the format fixes it without asking.
    encodings
        How many texts are known names, by encoding that the text could be in.
    """

    layer: str
    layers: tuple[LayerInfo, ...]
    geometry: tuple[Any, ...]
    fields: dict[str, tuple[str, ...]]
    declared: CRS | None
    encoding: str
    encodings: dict[str, int]


def read_table(path: Path, *, count: Count, layer: str = "", encoding: str = "") -> Table:
    """Read a layer of a map file.

    Parameters
    ----------
    path
        A file of one of the known forms, or a zip of them.
    count
        Says how many of some texts are known names.
    layer
        Name of the layer; the one with most features by default.
    encoding
        What the text is in; by default the encoding in which most names are known.

    Raises
    ------
    UnreadableFileError
        If it cannot be read; the message says why and what to do.
    """
    with unpacked(path) as files:
        found = [(info, file) for file in files for info in _list_layers(file)]
        if not found:
            msg = f"{path.name}: expected a layer of features, got none"
            raise UnreadableFileError(msg, kind="nothing", value=path.name)
        infos = tuple(info for info, _ in found)
        chosen = _choose(found, layer, path)
        info, file = chosen
        if info.rows > _MOST_FEATURES:
            msg = f"{path.name}: expected at most {_MOST_FEATURES:,} features, got {info.rows:,}; leave out the rest"
            raise UnreadableFileError(msg, kind="features", value=f"{info.rows:,}")
        frame, used, tried = _read_best(file, info.name, count=count, encoding=encoding)
    geometry = shapely.force_2d(np.asarray(frame.geometry.values, dtype=object))
    if not len(geometry):
        msg = f"{path.name}: the layer {info.name} holds no features"
        raise UnreadableFileError(msg, kind="empty", value=info.name)
    if int(shapely.get_num_coordinates(geometry).sum()) > _MOST_VERTICES:
        msg = f"{path.name}: expected at most {_MOST_VERTICES:,} vertices; simplify the layer first"
        raise UnreadableFileError(msg, kind="features", value=path.name)
    if form_of(file) == ".dxf":
        frame, geometry = _close_drawing(frame, geometry)
    return Table(
        layer=info.name,
        layers=infos,
        geometry=tuple(geometry),
        fields={str(name): _texts(frame[name]) for name in frame.columns if name != frame.geometry.name},
        # GeoJSON and KML are WGS 84 by their standards, which maps made with GCJ-02 services do not keep to.
        declared=None if form_of(file) in (".geojson", ".json", ".kml", ".csv", ".dxf") and not _has_crs(file, frame)
        else frame.crs,
        encoding=used,
        encodings=tried,
    )  # fmt: skip


def _choose(found: list[tuple[LayerInfo, Path]], layer: str, path: Path) -> tuple[LayerInfo, Path]:
    if not layer:
        return max(found, key=lambda each: each[0].rows)
    for info, file in found:
        if info.name == layer:
            return info, file
    names = ", ".join(info.name for info, _ in found)
    msg = f"{path.name}: expected a layer out of {names}, got {layer!r}"
    raise UnreadableFileError(msg, kind="layer", value=layer)


def _has_crs(file: Path, frame: gpd.GeoDataFrame) -> bool:
    """Tell whether a file of a format with a fixed system names another one: old GeoJSON may."""
    return form_of(file) in (".geojson", ".json") and frame.crs is not None and frame.crs.to_epsg() != 4326  # noqa: PLR2004


def _list_layers(file: Path) -> Iterator[LayerInfo]:
    form = form_of(file)
    if form in (".csv", ".parquet"):
        yield LayerInfo(name=file.stem, rows=0, form="")
        return
    with _told(file):
        for name, _ in pyogrio.list_layers(file):
            info = pyogrio.read_info(file, layer=name, encoding="ISO-8859-1", force_feature_count=True)
            if info["geometry_type"] is not None:
                yield LayerInfo(name=str(name), rows=int(info["features"]), form=str(info["geometry_type"]))


def _read_best(file: Path, layer: str, *, count: Count, encoding: str) -> tuple[gpd.GeoDataFrame, str, dict[str, int]]:
    """Read a layer in the encoding in which most of its texts are known names; ties go to the first, UTF-8."""
    if form_of(file) not in _BY_TEXT:
        return _read(file, layer, "UTF-8"), "UTF-8", {}
    with file.open("rb") as stream:
        marked = stream.read(2) in (b"\xff\xfe", b"\xfe\xff")
    wanted = (encoding,) if encoding else ("UTF-16",) if marked else ENCODINGS
    tried: dict[str, int] = {}
    frames: dict[str, gpd.GeoDataFrame] = {}
    for each in wanted:
        try:
            frame = _read(file, layer, each)
        except (UnicodeError, LookupError):
            continue
        sample = frame.drop(columns=frame.geometry.name).head(_SAMPLE)
        tried[each] = sum(count(_texts(sample[name])) for name in sample.columns)
        frames[each] = frame
    if not frames:
        msg = f"{file.name}: the text cannot be read as {' or '.join(wanted)}; save the file in UTF-8"
        raise UnreadableFileError(msg, kind="encoding", value=", ".join(wanted))
    best = max(tried, key=lambda each: tried[each])
    return frames[best], best, tried


def _read(file: Path, layer: str, encoding: str) -> gpd.GeoDataFrame:
    form = form_of(file)
    with _told(file):
        if form == ".csv":
            return _read_csv(file, encoding)
        if form == ".parquet":
            return gpd.read_parquet(file)
        if form == ".dxf":
            return _read_drawing(file, layer, encoding)
        return pyogrio.read_dataframe(file, layer=layer, encoding=encoding, on_invalid="ignore")


class _told:  # noqa: N801 - reads as a sentence: with _told(file)
    """Turn what libraries throw at bad files into one line; what they merely mutter is not for the reader."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __enter__(self) -> None:
        self.quiet = warnings.catch_warnings()
        self.quiet.__enter__()
        warnings.simplefilter("ignore")

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        self.quiet.__exit__(None, None, None)
        if error is None or isinstance(error, (UnreadableFileError, UnicodeError, LookupError, MemoryError)):
            return
        if isinstance(error, (DataSourceError, DataLayerError, CRSError, OSError, ValueError, RuntimeError, TypeError)):
            reason = (str(error).splitlines() or [""])[0].split(";")[0][:160]
            msg = f"{self.file.name}: the file cannot be read ({reason}); open it in a GIS program and export it anew"
            raise UnreadableFileError(msg, kind="broken", value=reason) from error


def _texts(column: pd.Series[Any]) -> tuple[str, ...]:
    """Return a column as text: whole numbers without a decimal point, what is missing as ""."""
    values = column.to_numpy(dtype=object)
    return tuple(_text(value) for value in values)


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = "" if value is None else str(value).strip("\x00 \t\r\n\u3000")
    return "" if text in _EMPTY else text


# ------------ tables of text


def _read_csv(file: Path, encoding: str) -> gpd.GeoDataFrame:
    """Read a CSV with longitude and latitude, easting and northing, or well-known text."""
    text = file.read_bytes().decode("utf-8-sig" if encoding == "UTF-8" else encoding)
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    before = csv.field_size_limit(_LONGEST_CELL)
    try:
        rows = [row for row in csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=delimiter)
                if any(cell.strip() for cell in row)]  # fmt: skip
    except csv.Error as error:
        msg = f"{file.name}: {error}; is a quotation mark never closed?"
        raise UnreadableFileError(msg, kind="broken", value=str(error)) from error
    finally:
        csv.field_size_limit(before)
    if not rows:
        msg = f"{file.name}: the file is empty"
        raise UnreadableFileError(msg, kind="empty", value=file.name)
    columns = [cell.strip() or f"column_{number}" for number, cell in enumerate(rows[0], start=1)]
    body = [(row + [""] * len(columns))[: len(columns)] for row in rows[1:]]
    if len(body) > _MOST_FEATURES:
        msg = f"{file.name}: expected at most {_MOST_FEATURES:,} rows, got {len(body):,}; leave out the rest"
        raise UnreadableFileError(msg, kind="features", value=f"{len(body):,}")
    table = pd.DataFrame(body, columns=columns, dtype=object)
    table = table.loc[:, ~table.columns.duplicated()]
    return gpd.GeoDataFrame(table.assign(**{"": _csv_geometry(table, file)}), geometry="")


def _csv_geometry(table: pd.DataFrame, file: Path) -> list[Any]:
    by_name = {name.strip().lower(): name for name in table.columns}
    wkt = next((by_name[each] for each in _WKT_NAMES if each in by_name), None)
    if wkt is not None:
        return list(shapely.from_wkt([text or None for text in table[wkt]], on_invalid="ignore"))
    lon = next((by_name[each] for each in _LON_NAMES if each in by_name), None)
    lat = next((by_name[each] for each in _LAT_NAMES if each in by_name), None)
    if lon is None or lat is None:
        msg = (
            f"{file.name}: expected a column of well-known text (WKT) or columns lon and lat (经度, 纬度), "
            f"got {', '.join(table.columns[:12])}"
        )
        raise UnreadableFileError(msg, kind="columns", value=", ".join(table.columns[:6]))
    x, y = (pd.to_numeric(table[name], errors="coerce").to_numpy(dtype=float) for name in (lon, lat))
    return [shapely.Point(a, b) if np.isfinite(a) and np.isfinite(b) else None for a, b in zip(x, y, strict=True)]


# ------------ drawings


def _read_drawing(file: Path, layer: str, encoding: str) -> gpd.GeoDataFrame:
    """Read a drawing; its text is taken byte by byte and decoded here, whatever code page its head names."""
    before = pyogrio.get_gdal_config_option("DXF_ENCODING")
    pyogrio.set_gdal_config_options({"DXF_ENCODING": "ISO-8859-1"})
    try:
        frame = pyogrio.read_dataframe(file, layer=layer, encoding="UTF-8", on_invalid="ignore")
    finally:
        pyogrio.set_gdal_config_options({"DXF_ENCODING": before})
    for name in frame.columns:
        if name != frame.geometry.name and pd.api.types.is_string_dtype(frame[name].dtype):
            frame[name] = [
                each.encode("latin-1").decode(encoding) if isinstance(each, str) else each for each in frame[name]
            ]
    return frame


def _close_drawing(frame: gpd.GeoDataFrame, geometry: Any) -> tuple[gpd.GeoDataFrame, Any]:
    """Make surfaces of a drawing's closed lines and give each the text that stands in it."""
    texts = frame["Text"].fillna("").astype(str) if "Text" in frame.columns else pd.Series([""] * len(frame))
    closed = [
        shapely.Polygon(shape) if shape is not None and shape.geom_type == "LineString" and shape.is_closed else shape
        for shape in geometry
    ]
    labels = [(shape, text) for shape, text in zip(geometry, texts, strict=True)
              if text and shape is not None and shape.geom_type == "Point"]  # fmt: skip
    tree = shapely.STRtree([shape for shape, _ in labels])
    rows, shapes, names = [], [], []
    for number, shape in enumerate(closed):
        if shape is None or shape.geom_type == "Point":
            continue
        own = texts.iloc[number]
        if not own and labels and shapely.get_dimensions(shape) == 2 and shape.is_valid:  # noqa: PLR2004
            own = " ".join(labels[i][1] for i in sorted(tree.query(shape, predicate="contains")))
        rows.append(number)
        shapes.append(shape)
        names.append(own)
    if not rows:
        return frame, geometry
    kept = frame.iloc[rows].reset_index(drop=True)
    kept["Text"] = names
    return kept, np.array(shapes, dtype=object)
