"""What is ours to say in an answer: pygeoapi's documents with what we offer and nothing else, sources added."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from app.service.asking import day_span
from app.service.collection import ID_FIELD
from app.service.configuration import ADDRESS
from app.wording import words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.service.collection import Collection, Field, Offer

CONFORMS: Final = tuple(
    f"http://www.opengis.net/spec/ogcapi-features-{each}"
    for each in (
        "1/1.0/conf/core", "1/1.0/conf/oas30", "1/1.0/conf/html", "1/1.0/conf/geojson", "2/1.0/conf/crs",
        "3/1.0/conf/queryables", "3/1.0/conf/queryables-query-parameters",
    )
)  # fmt: skip
"""What the tests hold us to. pygeoapi would also declare that features can be created, replaced and deleted."""
_ELSEWHERE: Final = ("application/ld+json",)
_GONE: Final = ("/processes", "/jobs", "/TileMatrixSets", "/schema")
_SCHEMA: Final = "https://json-schema.org/draft/2019-09/schema"


def landing(document: dict[str, Any], offer: Offer, lang: str) -> dict[str, Any]:
    """Return the landing page: links to what is there only, the sources among them."""
    say = words(lang)
    links = [each for each in _links(document["links"]) if each["rel"] != "about"]
    links.append(_licence(lang))
    return document | {"attribution": say("service.attribution", n=len(offer.sources)), "links": links}


def collections(document: dict[str, Any], known: Mapping[str, Collection], lang: str) -> dict[str, Any]:
    """Return the list of collections."""
    own = [collection(each, known[each["id"]], lang) for each in document["collections"]]
    return document | {"links": _links(document["links"]), "collections": own}


def collection(document: dict[str, Any], record: Collection, lang: str) -> dict[str, Any]:
    """Return what a collection is, with its time, its sources and where to read on."""
    say = words(lang)
    extent = dict(document["extent"])
    if record.bounds is None:
        del extent["spatial"]
    if record.valid_on:
        first, last = day_span(record.valid_on)
        extent["temporal"] = {"interval": [[f"{first}T00:00:00Z", f"{last}T23:59:59Z"]]}
    links = _links(document["links"])
    links.append(_licence(lang))
    # By this one GDAL knows a column of numbers that has none on the first page.
    links.append({"rel": "describedby", "type": "application/schema+json", "title": say("service.schema"),
                  "href": f"{ADDRESS}/collections/{record.id}/schema?f=json"})  # fmt: skip
    return document | {"extent": extent, "attribution": record.attribution, "links": links}


def queryables(document: dict[str, Any], record: Collection, lang: str) -> dict[str, Any]:
    """Return the properties that may be asked for with their titles in words, and that there are no others."""
    known = {each.name: each for each in record.fields}
    properties = {
        name: each | ({"title": field_title(known[name], lang)} if name in known else {})
        for name, each in document["properties"].items()
    }
    return document | {
        "$schema": _SCHEMA,
        "$id": document["$id"].partition("?")[0],
        "properties": properties,
        "additionalProperties": False,
    }


def schema(record: Collection, lang: str) -> dict[str, Any]:
    """Return the JSON schema of a feature of a collection, as it is answered. pygeoapi's has the properties only."""
    properties = {
        each.name: {
            "title": field_title(each, lang),
            # Both keywords as in OpenAPI 3.0: GDAL understands no list of types.
            "type": each.kind,
            "nullable": True,
        }
        for each in record.fields
        # GDAL takes the id of the feature for this one, and would have two columns.
        if each.name != ID_FIELD
    }
    return {
        "$schema": _SCHEMA,
        "$id": f"{ADDRESS}/collections/{record.id}/schema",
        "title": record.title_en if lang == "en" else record.title_zh,
        "type": "object",
        "required": ["type", "id", "geometry", "properties"],
        "properties": {
            "type": {"enum": ["Feature"]},
            "id": {"type": "string"},
            "geometry": {"anyOf": [{"type": "object", "required": ["type", "coordinates"]}, {"type": "null"}]},
            "properties": {"type": "object", "properties": properties},
        },
    }


def field_title(field: Field, lang: str) -> str:
    """Return what a property means, in a few words."""
    return field.en if lang == "en" else field.zh


def items(document: dict[str, Any], record: Collection) -> dict[str, Any]:
    """Return a page of features with whose data they are."""
    return document | {"attribution": record.attribution, "links": _links(document["links"])}


def item(document: dict[str, Any]) -> dict[str, Any]:
    """Return one feature."""
    return document | {"links": _links(document["links"])}


def conformance() -> dict[str, Any]:
    """Return the conformance classes."""
    return {"conformsTo": list(CONFORMS)}


def sources(offer: Offer, lang: str) -> dict[str, Any]:
    """Return every source of what is served, with its licence."""
    say = words(lang)
    return {
        "title": say("service.sources"),
        "sources": [asdict(each) for each in offer.sources],
        "links": [
            {"rel": "self", "type": "application/json", "title": say("service.sources"),
             "href": f"{ADDRESS}/sources?f=json"},
            {"rel": "alternate", "type": "text/html", "title": say("service.sources"),
             "href": f"{ADDRESS}/sources?f=html"},
        ],
    }  # fmt: skip


def fault(status: int, description: str) -> dict[str, Any]:
    """Return an exception as OGC API has it."""
    codes = {400: "InvalidParameterValue", 404: "NotFound", 405: "MethodNotAllowed"}
    return {"code": codes.get(status, "NoApplicableCode"), "description": description}


def _licence(lang: str) -> dict[str, Any]:
    """Return the link to the sources and on what terms they may be used."""
    title = words(lang)("service.sources")
    return {"rel": "license", "type": "text/html", "title": title, "href": f"{ADDRESS}/sources"}


def _links(links: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Leave out links to what is not offered here; the address of the service ends with a slash in the others."""
    return [
        each | {"href": each["href"].replace(f"{ADDRESS}?", f"{ADDRESS}/?")}
        for each in links
        if each["type"] not in _ELSEWHERE and not any(part in each["href"] for part in _GONE)
    ]
