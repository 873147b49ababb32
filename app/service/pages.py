"""The same answers as pages for people: Chinese and English, no script, nothing from outside."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlencode

from app.service.answers import field_title
from app.service.configuration import ADDRESS, CRS84, offered_systems
from app.service.drawing import draw
from app.wording import LANGUAGES, words
from layers.catalogue import find_plan
from layers.files.notice import NOTICE_EN, NOTICE_ZH
from layers.templates import open_templates

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jinja2 import Environment

    from app.service.collection import Collection
    from app.service.drawing import Drawing
    from app.service.web import Service

_HERE: Final = Path(__file__).parent
_TOLD: Final = ("id", "layer", "plan", "structure", "structure_zh", "structure_en", "rule_params")
_LONGEST: Final = 60
"""Characters of a value in a table; the page of the feature has the whole."""


@cache
def _templates() -> Environment:
    return open_templates(_HERE)


@cache
def style() -> str:
    """Return the style sheet of the pages."""
    return (_HERE / "style.css").read_text(encoding="utf-8")


def write(
    name: str, document: dict[str, Any], *, lang: str, path: str, given: Mapping[str, str], service: Service
) -> str:  # fmt: skip
    """Return an answer as a page.

    Parameters
    ----------
    name
        Of the route: the template has the same.
    document
        The answer as other programs get it.
    path, given
        What was asked.
    """
    parts = [part for part in path.split("/") if part]
    record = service.collections.get(parts[1]) if len(parts) > 1 and parts[0] == "collections" else None
    other = next(each for each in LANGUAGES if each != lang)
    kept = {key: value for key, value in given.items() if key not in ("f", "lang")}
    context: dict[str, Any] = {
        "words": words(lang), "lang": lang, "other": other, "document": document, "record": record, "root": ADDRESS,
        "title": service.title or words(lang)("service.title"), "notice": NOTICE_EN if lang == "en" else NOTICE_ZH,
        "here": f"{ADDRESS}{quote(path)}", "json": urlencode(kept | {"f": "json"}),
        "switch": urlencode(kept | {"f": "html", "lang": other}), "quote": quote, "pick": _pick,
        "keep": f"?lang={lang}",
    }  # fmt: skip
    page = _Page(document=document, record=record, lang=lang, given=given, service=service)
    context |= _EXTRA.get(name, _plain)(page)
    return _templates().get_template(f"{name}.html").render(**context)


def _pick(record: Any, stem: str, lang: str) -> str:
    """Return the name or description of a record in a language; in Chinese where English is not known."""
    return str((lang == "en" and getattr(record, f"{stem}_en")) or getattr(record, f"{stem}_zh"))


@dataclass(frozen=True, kw_only=True)
class _Page:
    """What a page is made of."""

    document: dict[str, Any]
    record: Collection | None
    lang: str
    given: Mapping[str, str]
    service: Service

    @property
    def collection(self) -> Collection:
        assert self.record is not None
        return self.record

    @property
    def label(self) -> str:
        """The property with the name, in the language of the page where there is one."""
        name = self.collection.name_field
        own = f"{name.rpartition('_')[0]}_{self.lang}"
        return own if any(each.name == own for each in self.collection.fields) else name

    def draw(self, features: list[dict[str, Any]]) -> Drawing | None:
        """Return the drawing of features, which need to be in longitude and latitude for it."""
        return draw(features) if self.given.get("crs", CRS84) == CRS84 else None


def _plain(_: _Page) -> dict[str, Any]:
    return {}


def _groups(page: _Page) -> dict[str, Any]:
    """Tell the collections by plan, base layers last."""
    found: dict[str, list[Collection]] = {}
    for each in page.service.offer.collections:
        found.setdefault(each.plan, []).append(each)
    base = found.pop("", [])
    groups = [(_pick(find_plan(plan), "short", page.lang), own) for plan, own in found.items()]
    return {"groups": [*groups, *([(words(page.lang)("service.base"), base)] if base else [])]}


def _collection(page: _Page) -> dict[str, Any]:
    systems = [(uri, each.en if page.lang == "en" else each.zh) for uri, each in offered_systems().items()]
    interval = (page.document["extent"].get("temporal") or {}).get("interval")
    return {"systems": systems, "interval": interval}


def _items(page: _Page) -> dict[str, Any]:
    features = page.document["features"]
    other = next(lang for lang in LANGUAGES if lang != page.lang)
    names = {each.name for each in page.collection.fields}
    # What stands in the address, in the other language, or nowhere on the page, says nothing in a table.
    columns = [
        field
        for field in page.collection.fields
        if field.name not in _TOLD
        and f"{field.name.removesuffix(f'_{other}')}_{page.lang}" not in names - {field.name}
        and any(each["properties"].get(field.name) not in (None, "") for each in features)
    ]
    first, label = int(page.given.get("offset", "0")), page.label
    return {
        "columns": [(each.name, _short(field_title(each, page.lang)), each.number) for each in columns],
        "first": first + 1, "last": first + len(features), "longest": _LONGEST, "drawing": page.draw(features),
        "links": {each["rel"]: each["href"] for each in page.document["links"]}, "label": label,
    }  # fmt: skip


def _short(title: str) -> str:
    """Return the head of a title: what it is called, without what it means in detail."""
    return re.split("[：（:,(]", title)[0].strip()


def _item(page: _Page) -> dict[str, Any]:
    properties = page.document["properties"]
    titles = {each.name: field_title(each, page.lang) for each in page.collection.fields}
    return {
        "heading": properties.get(page.label)
        or properties.get(page.collection.name_field)
        or words(page.lang)("service.unnamed"),
        "rows": [(name, titles[name], value) for name, value in properties.items()],
        "drawing": page.draw([page.document]),
    }


def _fields(page: _Page) -> dict[str, Any]:
    kinds = [(each.name, each.kind, field_title(each, page.lang)) for each in page.collection.fields]
    return {"fields": kinds}


_EXTRA: Final = {
    "landing": _groups, "collections": _groups, "collection": _collection, "items": _items, "item": _item,
    "queryables": _fields, "schema": _fields,
}  # fmt: skip
