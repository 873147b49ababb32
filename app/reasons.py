"""The reader's reasons, which it gives in English, in the language of the page."""

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
