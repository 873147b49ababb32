"""The definition of the service as OpenAPI 3.0: every path and parameter that is answered, and no other.

Written here and not by pygeoapi, whose document points to schemas on the internet, which a closed network has not, and
to services that we do not offer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from app.service.asking import FORMATS
from app.service.configuration import ADDRESS, CRS84, DEFAULT_ITEMS, MOST_ITEMS, offered_systems
from app.wording import LANGUAGES

if TYPE_CHECKING:
    from app.service.collection import Collection, Offer

MEDIA: Final = "application/vnd.oai.openapi+json;version=3.0"
_VERSION: Final = "1.0.0"
_TEXT: Final = {"type": "string"}


def describe(offer: Offer, *, title: str, description: str) -> dict[str, Any]:
    """Return the document."""
    paths = {
        "/": _get("landing", "Landing page"),
        "/conformance": _get("conformance", "Conformance classes"),
        "/openapi": _get("openapi", "This document", media=MEDIA),
        "/sources": _get("sources", "Sources and their licences"),
        "/collections": _get("collections", "Collections"),
    }
    for collection in offer.collections:
        paths |= _paths(collection)
    return {
        "openapi": "3.0.3",
        "info": {
            "title": title,
            "description": description,
            "version": _VERSION,
            "license": {"name": "Per source", "url": f"{ADDRESS}/sources"},
        },
        "servers": [{"url": ADDRESS}],
        "paths": paths,
        "components": {
            "parameters": _parameters(offer),
            "responses": {
                "Fault": {
                    "description": "What was expected, what came",
                    "content": {"application/json": {"schema": _object(code=_TEXT, description=_TEXT)}},
                }
            },
            "schemas": _schemas(),
        },
    }


def _paths(collection: Collection) -> dict[str, Any]:
    here = f"/collections/{collection.id}"
    name, title = collection.id, collection.title_en
    own = ["limit", "offset", "bbox", "bbox-crs", "crs", "datetime", "sortby", "properties", "skipGeometry"]
    fields = [f"field.{each.name}" for each in collection.fields]
    return {
        here: _get(f"{name}.about", title, tag=name, schema="Collection", missing=True),
        f"{here}/queryables": _get(f"{name}.queryables", f"Properties to ask for: {title}", tag=name,
                                   media="application/schema+json", missing=True),
        f"{here}/schema": _get(f"{name}.schema", f"Properties: {title}", tag=name, media="application/schema+json",
                               missing=True),
        f"{here}/items": _get(f"{name}.items", f"Features: {title}", tag=name, media="application/geo+json",
                              schema="Features", parameters=own + fields, missing=True),
        f"{here}/items/{{featureId}}": _get(f"{name}.item", f"One feature: {title}", tag=name,
                                            media="application/geo+json", schema="Feature",
                                            parameters=["featureId", "crs"], missing=True),
    }  # fmt: skip


def _get(
    operation: str, summary: str, *, tag: str = "service", media: str = "application/json", schema: str = "",
    parameters: list[str] | None = None, missing: bool = False,
) -> dict[str, Any]:  # fmt: skip
    body: dict[str, Any] = {"schema": _ref("schemas", schema) if schema else {"type": "object"}}
    responses = {"200": {"description": summary, "content": {media: body, "text/html": {"schema": _TEXT}}}}
    faults = ("400", "404", "500") if missing else ("400", "500")
    return {
        "get": {
            "operationId": operation,
            "summary": summary,
            "tags": [tag],
            "parameters": [_ref("parameters", each) for each in [*(parameters or ()), "f", "lang"]],
            "responses": responses | {each: _ref("responses", "Fault") for each in faults},
        }
    }


def _parameters(offer: Offer) -> dict[str, Any]:
    systems = {"type": "string", "enum": list(offered_systems()), "default": CRS84}
    numbers = {"type": "array", "items": {"type": "number"}}
    names = {"type": "array", "items": _TEXT}
    found = {
        "f": _query("f", "Format", {"type": "string", "enum": list(FORMATS)}),
        "lang": _query("lang", "Language", {"type": "string", "enum": list(LANGUAGES)}),
        "limit": _query("limit", "Features on a page; more than the maximum are not given",
                        {"type": "integer", "minimum": 1, "maximum": MOST_ITEMS, "default": DEFAULT_ITEMS}),
        "offset": _query("offset", "Features left out before", {"type": "integer", "minimum": 0, "default": 0}),
        "bbox": _query("bbox", "Only features that meet this box, and those without a place",
                       {"oneOf": [numbers | {"minItems": n, "maxItems": n} for n in (4, 6)]}),
        "bbox-crs": _query("bbox-crs", "Coordinate system of bbox", systems),
        "crs": _query("crs", "Coordinate system of the answer", systems),
        "datetime": _query("datetime", "Only plans of this time: a date, a time, an interval a/b, ../b, a/..", _TEXT),
        "sortby": _query("sortby", "Properties to sort by, - before one for the last first", names),
        "properties": _query("properties", "Only these properties", names),
        "skipGeometry": _query("skipGeometry", "Without geometry", {"type": "boolean", "default": False}),
        "featureId": {"name": "featureId", "in": "path", "required": True, "schema": _TEXT},
    }  # fmt: skip
    for collection in offer.collections:
        for field in collection.fields:
            kind = {"type": field.kind}
            found[f"field.{field.name}"] = _query(field.name, field.en, kind)
    return found


def _query(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": name, "in": "query", "description": description, "required": False, "schema": schema,
        "style": "form", "explode": False,
    }  # fmt: skip


def _schemas() -> dict[str, Any]:
    link = _object(href=_TEXT, rel=_TEXT, type=_TEXT, title=_TEXT)
    feature = _object(
        type={"type": "string", "enum": ["Feature"]}, id=_TEXT, geometry={"type": "object", "nullable": True},
        properties={"type": "object", "nullable": True}, links={"type": "array", "items": _ref("schemas", "Link")},
    )  # fmt: skip
    return {
        "Link": link,
        "Collection": _object(id=_TEXT, title=_TEXT, description=_TEXT, extent={"type": "object"},
                              crs={"type": "array", "items": _TEXT}, storageCrs=_TEXT,
                              links={"type": "array", "items": _ref("schemas", "Link")}),
        "Feature": feature,
        "Features": _object(type={"type": "string", "enum": ["FeatureCollection"]},
                            features={"type": "array", "items": _ref("schemas", "Feature")},
                            numberMatched={"type": "integer"}, numberReturned={"type": "integer"},
                            timeStamp={"type": "string", "format": "date-time"},
                            links={"type": "array", "items": _ref("schemas", "Link")}),
    }  # fmt: skip


def _object(**properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


def _ref(table: str, name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/{table}/{name}"}
