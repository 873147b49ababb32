"""A project and what each plan says of it, as the data files say it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

# msgspec reads these types when it fills the records.
from layers.model import Member, ProjectStatus, Role, Rule  # noqa: TC001

if TYPE_CHECKING:
    from collections.abc import Sequence

ProjectKind = Literal[
    "railway", "metro", "expressway", "trunk-road", "urban-road", "crossing", "interchange", "traffic-centre",
    "waterway", "station", "airport", "port", "logistics", "flood-works", "riverside", "power", "fuel", "waste",
    "hospital", "care", "university", "school", "campus-zone", "museum", "heritage", "tourism", "laboratory",
    "innovation-centre", "computing", "industrial-park", "factory", "trade",
]  # fmt: skip

ProjectTheme = Literal["transport", "utilities", "services", "economy"]
"""What a group of projects serves: fewer words than there are groups, for maps and charts."""

Difference = Literal["status", "name", "size", "route"]
"""What two plans may say otherwise of one project."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Attestation:
    """What one plan says of a project."""

    plan: str
    lines: tuple[int, ...]
    chapter: str
    status: ProjectStatus
    status_zh: str = ""
    """The plan's own word for the status, exactly as printed; empty where it has none."""
    name_zh: str = ""
    """Name as printed, where it differs from the project's."""
    name_en: str = ""
    """The same in English."""
    printed: bool = True
    """False when the plan shortens or splits the name."""
    size_zh: str = ""
    """Size or money exactly as printed, parts joined by ``；``."""
    size_en: str = ""
    """The same in English, with units that readers abroad know."""
    rule: Rule | None = None
    """Where this plan gives another course or place than the first one."""
    note_zh: str = ""
    note_en: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Project:
    """One project, whatever number of plans name it."""

    id: str
    """``<group>/<name in pinyin>``."""
    name_zh: str
    name_en: str
    kind: ProjectKind
    rule: Rule
    attestations: tuple[Attestation, ...]
    members: tuple[Member, ...] = ()

    @property
    def group(self) -> str:
        """The group whose file holds the project."""
        return self.id.partition("/")[0]

    def of_plan(self, plan: str) -> Attestation | None:
        """Return what a plan says of the project, or None."""
        return next((each for each in self.attestations if each.plan == plan), None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Projects of one sort: a file, and in each plan a layer."""

    id: str
    name_zh: str
    name_en: str
    order: int
    theme: ProjectTheme
    projects: tuple[Project, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class KindWords:
    """The name of a kind, and the role that its projects take on the map."""

    name_zh: str
    name_en: str
    role: Role


def rule_of(project: Project, attestation: Attestation) -> Rule:
    """Return how a plan's mention of a project is drawn."""
    return attestation.rule or project.rule


def name_of(project: Project, attestation: Attestation, *, lang: str = "zh") -> str:
    """Return the name that a plan gives a project."""
    if lang == "en":
        return attestation.name_en or project.name_en
    return attestation.name_zh or project.name_zh


def lines_of(attestations: Sequence[Attestation]) -> tuple[int, ...]:
    """Return all lines of a plan that attestations rest on, in order."""
    return tuple(sorted({line for each in attestations for line in each.lines}))
