"""The service as one application: what is asked is checked, answered by pygeoapi, made ours, and sent.

Only what is offered has a route, and nothing can be changed. Every answer may be read by pages of other origins.
"""

from __future__ import annotations

import gzip
import json
import logging
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import pygeoapi.api as core
import yaml
from pygeoapi.api import itemtypes
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from app.service import answers, openapi, pages
from app.service.asking import ASKED, COMMON, FORMATS, ITEM, ITEMS, AskingError, check_names, read_asked
from app.service.collection import read_offer
from app.service.configuration import ADDRESS, CONFIGURATION
from app.wording import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from werkzeug.routing import MapAdapter

    from app.service.collection import Collection, Offer

_ROUTES: Final = {
    "/": "landing",
    "/conformance": "conformance",
    "/openapi": "openapi",
    "/sources": "sources",
    "/collections": "collections",
    "/collections/<collection>": "collection",
    "/collections/<collection>/queryables": "queryables",
    "/collections/<collection>/schema": "schema",
    "/collections/<collection>/items": "items",
    "/collections/<collection>/items/<path:feature>": "item",
    "/style.css": "style",
}
_METHODS: Final = ("GET", "HEAD", "OPTIONS")
_JSON: Final = "application/json"
_GEOJSON: Final = "application/geo+json"
_SCHEMA: Final = "application/schema+json"
_HOST: Final = re.compile(r"[A-Za-z0-9._~-]+(:\d{1,5})?|\[[0-9A-Fa-f:.]+\](:\d{1,5})?", re.ASCII)
_WELL: Final = 200
_WORTH_PACKING: Final = 1000
_OPEN: Final = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "Content-Crs, Content-Language"}
_PREFLIGHT: Final = {
    "Access-Control-Allow-Methods": ", ".join(_METHODS), "Access-Control-Allow-Headers": "*",
    "Access-Control-Max-Age": "86400",
}  # fmt: skip
_SAFE: Final = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; "
                               "base-uri 'none'; frame-ancestors 'none'",
}  # fmt: skip
_LOGGER: Final = logging.getLogger("plan_atlas.service")


@dataclass(frozen=True, kw_only=True)
class _Question:
    """What pygeoapi wants to know of a request; JSON is always asked for, pages are ours to write."""

    args: dict[str, str]
    headers: dict[str, str]
    path_info: str
    data: bytes = b""


@dataclass(frozen=True, kw_only=True)
class _Answer:
    document: Any
    media: str = _JSON
    status: int = _WELL
    headers: dict[str, str] | None = None


_FAILED: Final = _Answer(document=answers.fault(500, "the service failed; its log says why"), status=500)


class Service:
    """The application, as WSGI servers call it.

    Parameters
    ----------
    folder
        What `app.service.folder.make_folder` made.
    title
        Name of the service instead of our own, or "".
    address
        What its links begin with, or "" for the address that is asked.
    """

    def __init__(self, folder: Path, *, title: str = "", address: str = "") -> None:
        configuration = yaml.load((folder / CONFIGURATION).read_bytes(), Loader=yaml.CSafeLoader)
        if title:
            configuration["metadata"]["identification"]["title"] = title
        self.title, self.address = title, address.rstrip("/")
        self.offer: Offer = read_offer(folder)
        self.collections: dict[str, Collection] = {each.id: each for each in self.offer.collections}
        self.about = configuration["metadata"]["identification"]
        self.api = core.API(configuration, {})
        self.routes = Map([Rule(path, endpoint=name) for path, name in _ROUTES.items()], strict_slashes=False)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer a request."""
        request = Request(environ)
        return self.respond(request)(environ, start_response)

    def respond(self, request: Request) -> Response:
        """Return the answer to a request; never a traceback."""
        if request.method == "OPTIONS":
            return Response(status=204, headers=_OPEN | _PREFLIGHT | {"Allow": ", ".join(_METHODS)})
        form, lang = _form(request), _language(request)
        name = "fault"
        try:
            name, values = self._match(request)
            if name == "style":
                return Response(pages.style(), mimetype="text/css", headers=_OPEN | {"Cache-Control": "max-age=3600"})
            given = list(request.args.items(multi=True))
            check_names(given, self._known(name, values))
            _check_value(request, "f", FORMATS)
            _check_value(request, "lang", LANGUAGES)
            answer = self._answer(name, values, dict(given), lang)
        except AskingError as error:
            answer = _Answer(document=answers.fault(400, str(error)), status=400)
        except HTTPException as error:
            status = error.code or 500
            answer = _Answer(document=answers.fault(status, _tell(error, request)), status=status)
        except Exception:
            _LOGGER.exception("%s %s", request.method, request.full_path)
            answer = _FAILED
        try:
            return self._send(request, name if answer.status == _WELL else "fault", answer, form=form, lang=lang)
        except Exception:
            _LOGGER.exception("%s %s", request.method, request.full_path)
            return self._send(request, "fault", _FAILED, form="json", lang=lang)

    def _match(self, request: Request) -> tuple[str, dict[str, Any]]:
        if request.method not in _METHODS:
            raise MethodNotAllowed(_METHODS)
        adapter: MapAdapter = self.routes.bind("plan-atlas.invalid")
        name, values = adapter.match(request.path, method="GET")
        collection = values.get("collection")
        if collection is not None and collection not in self.collections:
            raise NotFound(f"expected a collection that /collections lists, got {collection!r}")
        return name, dict(values)

    def _known(self, name: str, values: dict[str, Any]) -> tuple[str, ...]:
        """Return the parameters that a path takes."""
        if name == "items":
            return (*COMMON, *ITEMS, *(each.name for each in self.collections[values["collection"]].fields))
        return (*COMMON, *ITEM) if name == "item" else COMMON

    def _answer(self, name: str, values: dict[str, Any], given: dict[str, str], lang: str) -> _Answer:
        """Return the answer of a path."""
        if name in ("items", "item"):
            return self._read(name, values, given, lang)
        # What a collection is never changes while the service runs.
        key = (name, values.get("collection", ""), lang)
        if key not in self._told:
            self._told[key] = self._tell(*key)
        return self._told[key]

    @cached_property
    def _told(self) -> dict[tuple[str, str, str], _Answer]:
        return {}

    def _tell(self, name: str, collection: str, lang: str) -> _Answer:
        """Return what the service, or a collection, is."""
        if name == "conformance":
            return _Answer(document=answers.conformance())
        if name == "sources":
            return _Answer(document=answers.sources(self.offer, lang))
        if name == "openapi":
            return _Answer(document=self.definition, media=openapi.MEDIA)
        if name == "landing":
            document, _ = self._ask(core.landing_page, (), {}, lang)
            return _Answer(document=answers.landing(document, self.offer, lang))
        if name == "collections":
            document, _ = self._ask(core.describe_collections, (), {}, lang)
            return _Answer(document=answers.collections(document, self.collections, lang))
        record = self.collections[collection]
        if name == "collection":
            document, _ = self._ask(core.describe_collections, (collection,), {}, lang)
            return _Answer(document=answers.collection(document, record, lang))
        if name == "schema":
            return _Answer(document=answers.schema(record, lang), media=_SCHEMA)
        document, _ = self._ask(itemtypes.get_collection_queryables, (collection,), {}, lang)
        return _Answer(document=answers.queryables(document, record, lang), media=_SCHEMA)

    def _read(self, name: str, values: dict[str, Any], given: dict[str, str], lang: str) -> _Answer:
        """Return features, or one."""
        record = self.collections[values["collection"]]
        if name == "item":
            document, headers = self._ask(itemtypes.get_collection_item, (record.id, values["feature"]), given, lang)
            return _Answer(document=answers.item(document), media=_GEOJSON, headers=headers)
        if "sortby" in given:
            # A plus sign that was not escaped comes as a blank.
            given |= {"sortby": given["sortby"].replace(" ", "+")}
        token = ASKED.set(read_asked(given))
        try:
            document, headers = self._ask(itemtypes.get_collection_items, (record.id,), given, lang)
        finally:
            ASKED.reset(token)
        return _Answer(document=answers.items(document, record), media=_GEOJSON, headers=headers)

    def _ask(
        self, ask: Any, values: tuple[str, ...], given: dict[str, str], lang: str
    ) -> tuple[dict[str, Any], dict[str, str]]:  # fmt: skip
        """Ask pygeoapi, for JSON and without packing.

        Raises
        ------
        HTTPException
            What it refuses.
        """
        # Its links repeat the parameters: the language stays in them if it stood there.
        args = {name: value for name, value in given.items() if name != "f"}
        question = _Question(args=args, headers={"Accept": _JSON, "Accept-Language": lang}, path_info="")
        headers, status, content = ask(self.api, core.APIRequest(question, self.api.locales), *values)
        document: dict[str, Any] = json.loads(content)
        if status >= 400:  # noqa: PLR2004 - HTTP
            refused = HTTPException(document.get("description"))
            refused.code = int(status)
            raise refused
        return document, {name: text for name, text in headers.items() if name == "Content-Crs"}

    @cached_property
    def definition(self) -> dict[str, Any]:
        """The OpenAPI document."""
        title = self.title or self.about["title"]["en"]
        return openapi.describe(self.offer, title=title, description=self.about["description"]["en"])

    def _address(self, request: Request) -> str:
        """Return what links begin with: what was said at the start, else the address that was asked."""
        host = request.environ.get("HTTP_HOST", "")
        # A host that is none must not get into a page; links from the root do for who asks in such a way.
        return self.address or (f"{request.scheme}://{host}" if _HOST.fullmatch(host) else "")

    def _send(self, request: Request, name: str, answer: _Answer, *, form: str, lang: str) -> Response:
        """Return the answer as JSON or as a page, links with the address of the service, packed if that is liked."""
        headers = _OPEN | _SAFE | {"Content-Language": lang, "Vary": "Accept, Accept-Encoding, Accept-Language"}
        headers |= answer.headers or {}
        if form == "html":
            media = "text/html; charset=utf-8"
            text = pages.write(name, answer.document, lang=lang, path=request.path, given=request.args, service=self)
        else:
            media = answer.media
            text = json.dumps(answer.document, ensure_ascii=False, separators=(",", ":"))
        body = text.replace(ADDRESS, self._address(request)).encode()
        if len(body) > _WORTH_PACKING and request.accept_encodings.find("gzip") >= 0:
            body = gzip.compress(body, compresslevel=5, mtime=0)
            headers["Content-Encoding"] = "gzip"
        return Response(body, status=answer.status, content_type=media, headers=headers)


def _form(request: Request) -> str:
    """Return ``html`` for who prefers a page, ``json`` otherwise."""
    asked = request.args.get("f")
    if asked:
        return asked if asked in FORMATS else "json"
    best = request.accept_mimetypes.best_match(
        [_JSON, _GEOJSON, _SCHEMA, openapi.MEDIA.split(";")[0], "text/html"], _JSON
    )
    return "html" if best == "text/html" else "json"


def _language(request: Request) -> str:
    asked = request.args.get("lang")
    if asked in LANGUAGES:
        return str(asked)
    return request.accept_languages.best_match(LANGUAGES, LANGUAGES[0]) or LANGUAGES[0]


def _check_value(request: Request, name: str, known: tuple[str, ...]) -> None:
    if request.args.get(name, known[0]) not in known:
        msg = f"expected {name} out of {', '.join(known)}, got {request.args[name]!r}"
        raise AskingError(msg)


def _tell(error: HTTPException, request: Request) -> str:
    """Return what an error says, in one line."""
    if isinstance(error, MethodNotAllowed):
        return f"expected {' or '.join(_METHODS)}, got {request.method}: the service is read only"
    if isinstance(error, NotFound) and error.description == NotFound.description:
        return f"expected a path that /openapi lists, got {request.path!r}"
    return str(error.description)
