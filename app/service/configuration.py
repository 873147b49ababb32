"""pygeoapi's configuration, made of our catalogue: the server, what it says of itself, a resource a collection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from app.service.collection import ID_FIELD, TIME_FIELD
from app.wording import LANGUAGES, words
from layers.files.notice import NOTICE_EN, NOTICE_ZH
from layers.files.systems import System, read_systems

if TYPE_CHECKING:
    from pathlib import Path

    from app.service.collection import Collection, Offer

CONFIGURATION: Final = "pygeoapi.yml"
DEFAULT_ITEMS: Final = 100
MOST_ITEMS: Final = 1000
ADDRESS: Final = "http://plan-atlas.invalid"
"""Stands for the service's own address until an answer is sent: see `app.service.web`."""
CRS84: Final = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
_PROVIDER: Final = "app.service.provider.PackageProvider"
_EVERYWHERE: Final = (-180.0, -90.0, 180.0, 90.0)


def offered_systems() -> dict[str, System]:
    """Return the coordinate systems that features are answered in, by their address; GCJ-02 has none."""
    systems = read_systems()
    found = {CRS84: systems["4326"]}
    return found | {
        f"http://www.opengis.net/def/crs/EPSG/0/{each.epsg}": each for each in systems.values() if each.epsg
    }


def configure(offer: Offer, *, data: Path) -> dict[str, Any]:
    """Return the configuration.

    Parameters
    ----------
    data
        The GeoPackage.
    """
    zh, en = map(words, LANGUAGES)
    title, about = _both("service.title"), _both("service.lead")
    about = {lang: f"{about[lang]} {notice}" for lang, notice in (("zh", NOTICE_ZH), ("en", NOTICE_EN))}
    maker = {"name": zh("service.maker"), "url": ADDRESS}
    return {
        "server": {
            "bind": {"host": "127.0.0.1", "port": 5000},
            "url": ADDRESS,
            "mimetype": "application/json; charset=UTF-8",
            "encoding": "utf-8",
            "languages": list(LANGUAGES),
            "limits": {"default_items": DEFAULT_ITEMS, "max_items": MOST_ITEMS, "on_exceed": "throttle"},
            "map": {"url": ADDRESS, "attribution": NOTICE_ZH},
        },
        "logging": {"level": "CRITICAL"},
        "metadata": {
            "identification": {
                "title": title,
                "description": about,
                "keywords": {"zh": zh("service.keywords").split("、"), "en": en("service.keywords").split(", ")},
                "keywords_type": "theme",
                "terms_of_service": f"{ADDRESS}/sources",
                "url": ADDRESS,
            },
            "license": {"name": zh("service.licence"), "url": f"{ADDRESS}/sources"},
            "provider": maker,
            "contact": maker,
        },
        "resources": {each.id: _resource(each, data) for each in offer.collections},
    }


def _both(key: str) -> dict[str, str]:
    return {lang: words(lang)(key) for lang in LANGUAGES}


def _resource(collection: Collection, data: Path) -> dict[str, Any]:
    provider: dict[str, Any] = {
        "type": "feature", "name": _PROVIDER, "data": str(data), "collection": collection.id, "id_field": ID_FIELD,
        "title_field": collection.name_field, "crs": list(offered_systems()), "storage_crs": CRS84,
    }  # fmt: skip
    if collection.valid_on:
        provider["time_field"] = TIME_FIELD
    return {
        "type": "collection",
        "title": {"zh": collection.title_zh, "en": collection.title_en},
        "description": {"zh": collection.about_zh, "en": collection.about_en},
        "keywords": {"zh": [collection.title_zh], "en": [collection.title_en]},
        "links": [],
        # No temporal extent here: pygeoapi would answer a time outside it with an error, the standard with nothing.
        "extents": {"spatial": {"bbox": list(collection.bounds or _EVERYWHERE), "crs": CRS84}},
        "providers": [provider],
    }
