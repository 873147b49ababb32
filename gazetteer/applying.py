"""Apply a patch: write the reviewed files and the register, all or none. A patch applied again changes nothing."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import tempfile
import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gazetteer.building import ALIASES_FILE, PLACES, AliasRow, PlaceRow, build, encode
from gazetteer.freshness import renew
from gazetteer.patching import SOURCE, Decision, PatchError, Row, check_patch, make_id
from gazetteer.reading.tables import HERE as READING
from gazetteer.register import CONTEXTS_FILE, REGISTER_FILE, open_register

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_LOCAL: Final = re.compile(r"^local = (\[.*\])$", re.MULTILINE)
_STRINGS: Final = "[strings]\n"


def _build_register() -> bytes:
    return encode(build())


@dataclass(frozen=True, kw_only=True, slots=True)
class Files:
    """The reviewed files that a patch may change, and how the register is made from them."""

    places: Path = PLACES / "local.csv"
    aliases: Path = ALIASES_FILE
    contexts: Path = CONTEXTS_FILE
    exceptions: Path = READING / "exceptions.toml"
    register: Path = REGISTER_FILE
    rebuild: Callable[[], bytes] = field(default=_build_register)


@dataclass(frozen=True, slots=True)
class Applied:
    """How many rows changed something, and how many were there already."""

    changed: int
    there: int


def apply_patch(rows: Sequence[Row], *, files: Files | None = None) -> Applied:
    """Write what a patch says.

    Parameters
    ----------
    rows
        The patch, as `gazetteer.patching.read_patch` gives it.
    files
        Where to; the project's own by default.

    Raises
    ------
    PatchError
        If a row is wrong, or the register cannot be made of what the patch says; then no file has changed.
    """
    files = files or Files()
    if problems := check_patch(rows):
        raise PatchError("; ".join(map(str, problems)))
    before = {path: path.read_bytes() if path.exists() else None
              for path in (files.places, files.aliases, files.contexts, files.exceptions, files.register)}  # fmt: skip
    texts = {path: (content or b"").decode("utf-8") for path, content in before.items()}
    changed = 0
    for row in rows:
        path, text = _write(row.decision, texts, files)
        changed += text != texts[path]
        texts[path] = text
    if changed:
        try:
            for path, text in texts.items():
                if path != files.register and text.encode() != (before[path] or b""):
                    replace_file(path, text.encode())
            replace_file(files.register, files.rebuild())
        except BaseException as error:
            for path, content in before.items():
                if content is None:
                    path.unlink(missing_ok=True)
                else:
                    replace_file(path, content)
            if isinstance(error, ValueError | KeyError):
                raise PatchError(
                    f"the register cannot be made with this patch, nothing was changed: {error}"
                ) from error
            raise
        renew(now=True)
    return Applied(changed, len(rows) - changed)


def _write(decision: Decision, texts: dict[Path, str], files: Files) -> tuple[Path, str]:
    """Return the file that a decision changes, and its new text; the same text if the decision stands there already."""
    if decision.action == "exception":
        return files.exceptions, _with_exception(texts[files.exceptions], decision.surface)
    if decision.action == "place":
        return files.places, _with_place(texts[files.places], decision)
    if decision.plan:
        return files.contexts, _with_bare_name(texts[files.contexts], decision)
    place = open_register().places.get(decision.place_id)
    if place is not None and decision.surface in (place.name_zh, *place.aliases):
        return files.aliases, texts[files.aliases]
    return files.aliases, _with_alias(texts[files.aliases], decision)


def _with_exception(text: str, surface: str) -> str:
    found = _LOCAL.search(text)
    known: list[str] = json.loads(found.group(1)) if found is not None else []
    if any(surface in strings for strings in tomllib.loads(text)["strings"].values()):
        return text
    line = f"local = {json.dumps(sorted({*known, surface}), ensure_ascii=False)}"
    if found is not None:
        return text[: found.start()] + line + text[found.end() :]
    head = text.index(_STRINGS) + len(_STRINGS)
    return text[:head] + line + "\n" + text[head:]


def _with_bare_name(text: str, decision: Decision) -> str:
    tables = tomllib.loads(text)
    if tables[decision.plan].get("bare_names", {}).get(decision.surface) == decision.place_id:
        return text
    line = f"{json.dumps(decision.surface, ensure_ascii=False)} = {json.dumps(decision.place_id)}\n"
    head = f"[{decision.plan}.bare_names]\n"
    if head not in text:
        return f"{text.rstrip()}\n\n{head}{line}"
    position = text.index(head) + len(head)
    return text[:position] + line + text[position:]


def _with_alias(text: str, decision: Decision) -> str:
    known = list(csv.DictReader(io.StringIO(text)))
    if any((row["place"], row["alias"]) == (decision.place_id, decision.surface) for row in known):
        return text
    row = {"place": decision.place_id, "alias": decision.surface, "source": SOURCE, "note": _note(decision)}
    return _with_row(text, [each.name for each in fields(AliasRow)], row)


def _with_place(text: str, decision: Decision) -> str:
    place_id = make_id(decision)
    known = next((row for row in csv.DictReader(io.StringIO(text)) if row["id"] == place_id), None)
    row = {
        "id": place_id,
        "name_zh": decision.name,
        "name_en": decision.name_en or _transliterate(decision.name),
        "aliases": decision.surface if decision.surface != decision.name else "",
        "category": decision.category,
        "resolution": "suzhou",
        "parent": decision.parent,
        "lon": "" if decision.lon is None else f"{decision.lon:.6f}",
        "lat": "" if decision.lat is None else f"{decision.lat:.6f}",
        "accuracy_m": "" if decision.accuracy_m is None else f"{decision.accuracy_m:g}",
        "source": SOURCE,
        "source_ref": f"{decision.who} {decision.when}",
        "note": _note(decision),
    }
    if known is None:
        return _with_row(text, [each.name for each in fields(PlaceRow)], row)
    if differing := [key for key in ("name_zh", "lon", "lat", "accuracy_m", "parent") if known[key] != row[key]]:
        msg = f"{place_id} stands in local.csv with another {', '.join(differing)}; change it there by hand"
        raise PatchError(msg)
    return text


def _with_row(text: str, columns: list[str], row: dict[str, str]) -> str:
    stream = io.StringIO()
    header = next(csv.reader(io.StringIO(text)), None)
    writer = csv.DictWriter(stream, header or columns, lineterminator="\n", restval="")
    if header is None:
        writer.writeheader()
    writer.writerow(row)
    return text + ("\n" if text and not text.endswith("\n") else "") + stream.getvalue()


def _note(decision: Decision) -> str:
    how = "set on the map by a reader" if decision.lon is not None else "told by a reader"
    if decision.action == "place" and decision.lon is None:
        how = "position not known: " + how
    plan = f", in {decision.plan}" if decision.plan else ""
    return f"{how}: {decision.who}, {decision.when}{plan}" + (f"; {decision.note}" if decision.note else "")


def _transliterate(name: str) -> str:
    from pypinyin import lazy_pinyin  # noqa: PLC0415

    return " ".join(syllable.capitalize() for syllable in lazy_pinyin(name))


def replace_file(path: Path, content: bytes) -> None:
    """Write a file whole or not at all: beside its place first, then renamed; it keeps its mode."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        Path(temporary).chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
