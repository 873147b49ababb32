"""The state of the page "export", as the address holds it: which layers, which area, which formats, how packed."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final, Literal, get_args

from layers.files import read_formats, read_systems

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

Kind = Literal["structures", "projects", "base"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
FORMATS: Final = tuple(read_formats())
SYSTEMS: Final = tuple(read_systems())
DEFAULT_FORMATS: Final = ("gpkg",)
KEYS: Final = ("layers", "plan", "kind", "area", "format", "crs", "zip", "lang")
"""Parameters of the address that belong to a state."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportState:
    """What the reader wants to take along.

    Attributes
    ----------
    layers
        Ids of the chosen layers, in the catalogue's order.
    plan, kind
        What the list of layers shows; "" for all.
    area
        Id of a place with an outline, or "".
    formats
        Ids of formats, at least one.
    system
        Id of a coordinate system.
    zipped
        Whether data come with README, styles and check sums.
    """

    layers: tuple[str, ...] = ()
    plan: str = ""
    kind: str = ""
    area: str = ""
    formats: tuple[str, ...] = DEFAULT_FORMATS
    system: str = SYSTEMS[0]
    zipped: bool = True


def read_export_state(
    query: Mapping[str, str], *, layers: Sequence[str], plans: Collection[str], areas: Collection[str]
) -> ExportState:
    """Read a state from the address; what makes no sense there is left out.

    Parameters
    ----------
    layers
        Ids of all layers, in order; the address may also have a group's pattern (``base/*``).
    areas
        Ids of the places with an outline.
    """
    asked = [each for each in query.get("layers", "").split(",") if each]
    formats = query.get("format", "").split(",")
    system = query.get("crs", "")
    return ExportState(
        layers=tuple(each for each in layers if any(each == one or fnmatchcase(each, one) for one in asked)),
        plan=query["plan"] if query.get("plan") in plans else "",
        kind=query["kind"] if query.get("kind") in KINDS else "",
        area=query["area"] if query.get("area") in areas else "",
        formats=tuple(each for each in FORMATS if each in formats) or DEFAULT_FORMATS,
        system=system if system in SYSTEMS else SYSTEMS[0],
        zipped=query.get("zip") != "0",
    )


def write_export_state(
    state: ExportState, *, layers: Sequence[str], lang: str, default_lang: str
) -> dict[str, str]:  # fmt: skip
    """Return the parameters of the address for a state; what is as by default is left out."""
    query = {
        "layers": ",".join(shorten(state.layers, layers=layers)),
        "plan": state.plan,
        "kind": state.kind,
        "area": state.area,
        "format": ",".join(state.formats) if state.formats != DEFAULT_FORMATS else "",
        "crs": state.system if state.system != SYSTEMS[0] else "",
        "zip": "" if state.zipped else "0",
        "lang": lang if lang != default_lang else "",
    }
    return {key: value for key, value in query.items() if value}


def shorten(chosen: Collection[str], *, layers: Sequence[str]) -> list[str]:
    """Write layers so that they fit into an address: a group that is chosen whole as its pattern."""
    groups: dict[str, list[str]] = {}
    for each in layers:
        groups.setdefault(each.partition("/")[0], []).append(each)
    written: list[str] = []
    for group, members in groups.items():
        own = [each for each in members if each in chosen]
        written += [f"{group}/*"] if len(own) == len(members) else own
    return written
