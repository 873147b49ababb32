"""The state of the page "sheets", as the address holds it: what is drawn, on which page, and how."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

PAGES: Final = ("16:9", "a4", "a4-portrait", "a3", "a3-portrait", "a1", "a1-portrait")
LANGS: Final = ("zh", "en", "both")
THEMES: Final = ("light", "grey", "dark")
LABELS: Final = ("components", "members", "water", "neighbours")
EXTENTS: Final = ("auto", "district", "structure", "view")
RESOLUTIONS: Final = (96, 150, 200, 300)
MOST_LAYERS: Final = 12
"""More would be unreadable on one sheet, and too long for an address."""
_LONGEST: Final = 80
"""Characters of a title."""
_DPI: Final = 200
_NONE: Final = "-"
KEYS: Final = (
    "layers", "page", "dpi", "title", "subtitle", "in", "theme", "extent", "bounds", "labels", "boundaries", "plan",
    "lang", "crs",
)  # fmt: skip
"""Parameters of the address that belong to a state; others are left alone."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ComposerState:
    """What is to be drawn.

    Attributes
    ----------
    layers
        Ids of layers, in order.
    plan
        Plan whose layers the list offers.
    page, dpi, theme, labels, boundaries
        As the sheet takes them.
    speech
        Language of the sheet, which need not be the interface's.
    title, subtitle
        None for the default ones, "" for none.
    extent
        One of `EXTENTS`.
    bounds
        West, south, east, north in degrees, as the map showed them; for the extent ``view``.
    """

    layers: tuple[str, ...]
    plan: str
    page: str = PAGES[0]
    dpi: int = _DPI
    title: str | None = None
    subtitle: str | None = None
    speech: str = LANGS[0]
    theme: str = THEMES[0]
    extent: str = EXTENTS[0]
    bounds: str = ""
    labels: tuple[str, ...] = LABELS
    boundaries: bool = True

    @property
    def asked_extent(self) -> str:
        """The extent as the drawing takes it."""
        return (self.bounds or EXTENTS[0]) if self.extent == "view" else self.extent


def read_bounds(text: str) -> str:
    """Return west, south, east, north (degrees) rounded; "" if that is not what the text holds."""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        return ""
    sound = -180 <= west < east <= 180 and -90 <= south < north <= 90  # noqa: PLR2004
    return ",".join(f"{each:.4f}" for each in (west, south, east, north)) if sound else ""


def read_composer_state(
    query: Mapping[str, str], *, headlines: Mapping[str, str], layers: Collection[str], lang: str
) -> ComposerState:
    """Read a state from the address; what is unknown there falls back on the default.

    Parameters
    ----------
    query
        Parameters of the address.
    headlines
        Headline layer by plan, in order.
    layers
        Ids that exist.
    lang
        Language of the interface, which the sheet takes if the address does not say.
    """
    asked = [each for each in query.get("layers", "").split(",") if each in layers]
    plan = query.get("plan", asked[0].partition("/")[0] if asked else "")
    if plan not in headlines:
        plan = next(iter(headlines))
    bounds = read_bounds(query.get("bounds", ""))
    extent = _one(query.get("extent"), EXTENTS, "view" if bounds else EXTENTS[0])
    labels = query.get("labels")
    return ComposerState(
        layers=tuple(dict.fromkeys(asked))[:MOST_LAYERS] if "layers" in query else (headlines[plan],),
        plan=plan,
        page=_one(query.get("page"), PAGES, PAGES[0]),
        dpi=int(_one(query.get("dpi"), tuple(map(str, RESOLUTIONS)), str(_DPI))),
        title=_title(query.get("title")),
        subtitle=_title(query.get("subtitle")),
        speech=_one(query.get("in"), LANGS, lang),
        theme=_one(query.get("theme"), THEMES, THEMES[0]),
        extent=extent if bounds or extent != "view" else EXTENTS[0],
        bounds=bounds,
        labels=LABELS if labels is None else tuple(each for each in LABELS if each in labels.split(",")),
        boundaries=query.get("boundaries") != "0",
    )


def _one(value: str | None, choices: tuple[str, ...], default: str) -> str:
    return value if value in choices else default


def _title(text: str | None) -> str | None:
    if text is None:
        return None
    return "" if text == _NONE else clean_title(text) or None


def clean_title(text: str) -> str:
    """Return a title as one line without what cannot be printed, not longer than a title is."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:_LONGEST]


def write_composer_state(
    state: ComposerState, *, headlines: Mapping[str, str], lang: str, default_lang: str
) -> dict[str, str]:
    """Return the parameters of the address for a state; what is as by default is left out."""
    own = (headlines[state.plan],)
    # What the layers of an address say of its plan need not be said again.
    first = state.layers[0].partition("/")[0] if state.layers and state.layers != own else next(iter(headlines))
    query = {
        "plan": state.plan if state.plan != first else "",
        "layers": "" if state.layers == own else ",".join(state.layers) or _NONE,
        "page": state.page if state.page != PAGES[0] else "",
        "dpi": str(state.dpi) if state.dpi != _DPI else "",
        "title": _NONE if state.title == "" else state.title or "",
        "subtitle": _NONE if state.subtitle == "" else state.subtitle or "",
        "in": state.speech if state.speech != lang else "",
        "theme": state.theme if state.theme != THEMES[0] else "",
        "extent": state.extent if state.extent != EXTENTS[0] else "",
        "bounds": state.bounds if state.extent == "view" else "",
        "labels": "" if state.labels == LABELS else ",".join(state.labels) or _NONE,
        "boundaries": "" if state.boundaries else "0",
        "lang": lang if lang != default_lang else "",
    }
    return {key: value for key, value in query.items() if value}
