"""The projects of the plans: one record each, told by every plan that names it, and turned into layers."""

from layers.projects.catalogue import group_projects, read_groups, read_kinds, read_projects
from layers.projects.comparing import compare_attestations
from layers.projects.layering import layers_of_projects, locate_attestations
from layers.projects.record import Attestation, Difference, Group, Project, ProjectKind, ProjectTheme

__all__ = [
    "Attestation", "Difference", "Group", "Project", "ProjectKind", "ProjectTheme", "compare_attestations",
    "group_projects", "layers_of_projects", "locate_attestations", "read_groups", "read_kinds", "read_projects",
]  # fmt: skip
