"""What the plans say otherwise of one and the same project: computed from their words, never written down."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import TYPE_CHECKING

from layers.projects.record import name_of, rule_of

if TYPE_CHECKING:
    from layers.projects.record import Attestation, Difference, Project


def compare_attestations(project: Project, one: Attestation, other: Attestation) -> tuple[Difference, ...]:
    """Return in what two plans differ on a project.

    Notes
    -----
    A size that only one plan prints is no difference, and neither is a name printed with other marks or blanks. The
    status is compared in the closed words: 续建 and 加快建设 are one.
    """
    found: list[Difference] = []
    if one.status != other.status:
        found.append("status")
    if _bare(name_of(project, one)) != _bare(name_of(project, other)):
        found.append("name")
    if one.size_zh and other.size_zh and one.size_zh != other.size_zh:
        found.append("size")
    if _drawn(project, one) != _drawn(project, other):
        found.append("route")
    return tuple(found)


def _bare(name: str) -> str:
    """Return a name without blanks and marks, full and half width alike."""
    return re.sub(r"[\s“”\"'‘’()、，,·—-]", "", unicodedata.normalize("NFKC", name))


def _drawn(project: Project, attestation: Attestation) -> str:
    """Return what decides the course or place: the rule without the words about it."""
    rule = rule_of(project, attestation)
    params = {key: value for key, value in rule.params.items() if not key.startswith("reason_")}
    return json.dumps([rule.form, params], ensure_ascii=False, sort_keys=True)
