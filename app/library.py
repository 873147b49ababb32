"""What the app knows at run time: the written layers and their cards, and what lies at a point.

Reads small JSON files only. Geometry tables are opened on a download or a sheet, never to show a page.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from gazetteer import open_register
from geodata.workspace import kept_until_change
from layers.catalogue import read_plans
from layers.reading import Index
from layers.web.cache import ROOT, digest, read_drawing, read_last_manifest, read_manifest, web_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from gazetteer import Place

Card = dict[str, Any]


@dataclass(frozen=True)
class Library:
    """The written layers of one digest."""

    manifest: dict[str, Any]
    folder: Path

    def _read(self, name: str) -> Any:
        return json.loads((self.folder / name).read_text("utf-8"))

    @cached_property
    def stale(self) -> bool:
        """Whether what was imported has changed since: the layers are written anew behind the readers' backs."""
        return bool(self.manifest["digest"] != digest())

    @cached_property
    def cards(self) -> dict[str, Card]:
        """Cards by layer id."""
        return {layer: self._read(entry["card"]) for layer, entry in self.manifest["layers"].items()}

    @cached_property
    def components(self) -> dict[str, Card]:
        """Component records by id (``<layer>#<number>``)."""
        return {each["fid"]: each for card in self.cards.values() for each in card["components"]}

    @cached_property
    def headlines(self) -> dict[str, str]:
        """Headline layer by plan, in the plans' order."""
        return {plan.id: f"{plan.id}/{plan.headline}" for plan in read_plans().values()}

    @cached_property
    def place_shapes(self) -> dict[str, dict[str, Any]]:
        """``bounds`` (west, south, east, north in degrees) and ``shape`` (GeoJSON) of places that have an outline."""
        shapes: dict[str, dict[str, Any]] = self._read(self.manifest["places"])
        return shapes

    @cached_property
    def index(self) -> Index:
        """The ground of every drawn feature, for asking what applies at a point or in an area."""
        return Index(self._read(self.manifest["extents"]))

    @cached_property
    def by_line(self) -> dict[str, dict[int, tuple[str, ...]]]:
        """Ids of the components that rest on a line of a plan's own file, by plan and line."""
        found: dict[str, dict[int, tuple[str, ...]]] = {}
        for fid, component in self.components.items():
            lines = found.setdefault(self.cards[self.layer_of(fid)]["plan"], {})
            for line in expand_lines(component["lines"]):
                lines[line] = (*lines.get(line, ()), fid)
        return found

    def files(self, layer: str) -> dict[str, str]:
        """Return a layer's files by band; what has not been drawn yet is drawn now, which takes a few seconds.

        Of layers that are being written anew there are none where there were none: the new ones come all at once.

        Raises
        ------
        RuntimeError
            If drawing failed; the message is the last line of the error.
        """
        known = self._drawings.get(layer)
        if not known:
            record = self.folder / self.manifest["layers"][layer]["record"]
            known = read_drawing(record)
            if not known and not self.stale:
                self.draw([layer])
                known = read_drawing(record)
            self._drawings[layer] = known
        return known

    def draw(self, layers: Sequence[str]) -> None:
        """Draw layers now, in a process of its own.

        Raises
        ------
        RuntimeError
            If drawing failed; the message is the last line of the error.
        """
        _run_writer(layers)

    def undrawn(self, layers: Iterable[str]) -> list[str]:
        """Return those of the layers that have not been drawn yet."""
        entries = self.manifest["layers"]
        return [
            each
            for each in layers
            if not self._drawings.get(each) and not read_drawing(self.folder / entries[each]["record"])
        ]

    @cached_property
    def _drawings(self) -> dict[str, dict[str, str]]:
        return {}

    def layers_of(self, plan: str) -> list[Card]:
        """Return the cards of a plan's layers, in the catalogue's order."""
        return [card for card in self.cards.values() if card["plan"] == plan]

    def at(self, lon: float, lat: float) -> list[str]:
        """Return the ids of the components that cover a point (degrees, WGS 84)."""
        return self.index.covering(lon, lat)

    def bounds_of_place(self, place: Place) -> list[float] | None:
        """Return the bounds to fly to for a place, or None if it has no position."""
        if place.id in self.place_shapes:
            bounds: list[float] = self.place_shapes[place.id]["bounds"]
            return bounds
        if place.lon is None or place.lat is None:
            return None
        return [place.lon, place.lat, place.lon, place.lat]

    def layer_of(self, fid: str) -> str:
        """Return the layer id of a component id."""
        return fid.partition("#")[0]


def expand_lines(text: str) -> list[int]:
    """Return the numbers in words like ``216, 225–230``."""
    lines: list[int] = []
    for run in text.split(","):
        first, _, last = run.strip().partition("–")
        if first.isdigit():
            lines += range(int(first), (int(last) if last.isdigit() else int(first)) + 1)
    return lines


@kept_until_change
@cache
def open_library() -> Library:
    """Return the library of the written layers; of those before the last import while they are written anew.

    Raises
    ------
    RuntimeError
        If the layers are missing or out of date: see `write_layers`.
    """
    manifest = read_manifest() or read_last_manifest()
    if manifest is None:
        msg = f"expected up-to-date layers in {web_folder()}, got none; run `python -m layers.web`"
        raise RuntimeError(msg)
    return Library(manifest=manifest, folder=web_folder())


def write_layers(progress: Callable[[float, str], None], *, drawn: Sequence[str] = ()) -> None:
    """Write the layers, in a process of its own: its geometry tables must not stay in the server's memory.

    Parameters
    ----------
    drawn
        Layers to draw as well, those that are still there.
    progress
        Told the share that is done (0 to 1) and what is being written.

    Raises
    ------
    RuntimeError
        If writing failed; the message is the last line of the error.
    """
    _run_writer(drawn, progress=progress)


def draw_ahead() -> None:
    """Draw the layers that nobody has asked for yet, in a process of its own that gives way to everything else."""
    command = [sys.executable, "-m", "layers.web", "--all", "--lines", "--behind"]
    subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT)  # noqa: S603 - our own


def _run_writer(arguments: Sequence[str], *, progress: Callable[[float, str], None] | None = None) -> None:
    command = [sys.executable, "-m", "layers.web", "--lines", *arguments]
    with subprocess.Popen(  # noqa: S603 - our own module, no shell
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT
    ) as job:
        assert job.stdout is not None
        assert job.stderr is not None
        for line in job.stdout:
            share, _, name = line.strip().partition(" ")
            if progress is not None:
                progress(float(share), name)
        errors = job.stderr.read().strip().splitlines()
    if job.returncode:
        raise RuntimeError(errors[-1] if errors else f"{' '.join(command[1:])} ended with {job.returncode}")


def located_places() -> Mapping[str, Place]:
    """Return all places by id."""
    return open_register().places


def chosen_place(place_id: str) -> Place:
    """Return a place by id."""
    return located_places()[place_id]
