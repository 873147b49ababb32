"""What the reader says in English, in the language of the page: reasons for a place, troubles with a file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from app.wording import Words

_FORMS: Final = {
    "name": r"name (?P<a>.+)",
    "alias": r"alias (?P<a>.+)",
    "short": r"short (?P<a>.+)",
    "owner": r"in the area of the plan's owner",
    "around": r"an? (?P<category>\w+) by (?:the words around it|.+)",
    "neighbour": r"like its neighbour in the list",
    "beyond": r"(?P<a>.+): beyond Suzhou",
    "record": r"no record",
    "specific": r"specific part (?P<a>.+) with (?:the class noun )?(?P<b>.+)",
    "noun": r"(?P<a>.+) with the class noun (?P<b>.+)",
    "parent": r"with its parent before it",
    "before": r"(?P<a>.+) = (?P<b>.+), named just before",
    "listed": r"(?P<a>.+) in a list of names",
    "facility": r"a facility of the plan's own area",
    "means": r"(?P<a>.+) = (?P<b>.+): .+",
    "user": r"decided by the reader",
}
"""Forms of the parts of a reason, by the key of their words; a part of another form is told as it is."""
_COMPILED: Final = {key: re.compile(form) for key, form in _FORMS.items()}


_TROUBLES: Final = {
    "empty": r"the file is empty|no text found in it",
    "form": r"expected a \.txt.*, got (?P<a>.+)",
    "large": r"expected at most (?P<a>.+?), got (?P<b>[^;]+)(?:;.*)?",
    "old": r"the document is encrypted or in the old .*",
    "docx": r"expected a \.docx document, got other data",
    "bomb": r"unpacks to (?P<a>\d+) MB .*",
    "damaged": r"the document is damaged .*|the PDF is damaged or no PDF",
    "locked": r"the PDF is encrypted.*",
    "scan": r"(?P<a>\d+) pages without a text layer.*",
    "binary": r"expected a (?:text|page of HTML), got other data.*",
    "encoding": r"expected a text in UTF-8.*",
}
"""Forms of what is wrong with a file, by the key of their words."""


def tell_trouble(error: str, words: Words) -> str:
    """Say what is wrong with a file (``<name>: <trouble>``); a trouble of another form is told as it is."""
    name, _, trouble = error.partition(": ")
    if words.lang == "en" or not trouble:
        return error
    for key, form in _TROUBLES.items():
        if (match := re.fullmatch(form, trouble, re.DOTALL)) is not None:
            told = words(f"text.troubles.{key}", **match.groupdict())
            return f"“{name}”{told}" if name else told
    return error


def tell_reason(reason: str, words: Words) -> str:
    """Say a reason; English stays as the reader gave it."""
    if words.lang == "en":
        return reason
    return "；".join(_tell(part.strip(), words) for part in reason.split(";") if part.strip())


def _tell(part: str, words: Words) -> str:
    for key, form in _COMPILED.items():
        if (match := form.fullmatch(part)) is not None:
            blanks = match.groupdict()
            if "category" in blanks:
                name = f"categories.{blanks['category']}"
                if name not in words.texts:
                    return part
                blanks["category"] = words(name)
            return words(f"text.reasons.{key}", **blanks)
    return part
