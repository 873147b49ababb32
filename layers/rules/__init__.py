"""The declared ways of drawing a component: each form is a record of its parameters that turns ground into pieces.

A plan's data names the form and its parameters; nothing here knows a plan. See docs/rules.md for what each form means.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from layers.rules.chains import AxisRule
from layers.rules.lines import AlongRule, LineRule, RingRule
from layers.rules.own import OwnRule
from layers.rules.pieces import Outcome, Piece
from layers.rules.points import PointRule, UnlocatedRule
from layers.rules.surfaces import AreaRule, BlockRule, DiscRule, PartRule, UnionRule

if TYPE_CHECKING:
    from layers.ground import Ground
    from layers.model import Component

__all__ = ["FORMS", "Outcome", "Piece", "apply_rule", "read_rule"]

AnyRule = (
    UnionRule | PartRule | AlongRule | AxisRule | BlockRule | DiscRule | RingRule | PointRule | LineRule | AreaRule
    | UnlocatedRule | OwnRule
)  # fmt: skip

FORMS: Final[dict[str, type[AnyRule]]] = {
    "union": UnionRule,
    "part": PartRule,
    "along": AlongRule,
    "axis": AxisRule,
    "block": BlockRule,
    "disc": DiscRule,
    "ring": RingRule,
    "point": PointRule,
    "line": LineRule,
    "area": AreaRule,
    "unlocated": UnlocatedRule,
    "own": OwnRule,
}


def read_rule(component: Component) -> AnyRule:
    """Turn a component's declared parameters into the record of its form.

    Raises
    ------
    ValueError
        If a parameter is missing, unknown, or of the wrong type; the message names the component.
    """
    form = FORMS[component.rule.form]
    if unknown := set(component.rule.params) - set(form.__dataclass_fields__):
        msg = f"{component.name_zh}: the form {component.rule.form!r} has no parameter {sorted(unknown)}"
        raise ValueError(msg)
    try:
        rule: AnyRule = msgspec.convert(component.rule.params, form)
    except msgspec.ValidationError as error:
        msg = f"{component.name_zh}: form {component.rule.form!r}: {error}"
        raise ValueError(msg) from error
    return rule


def apply_rule(component: Component, ground: Ground) -> Outcome:
    """Draw a component on the ground."""
    return read_rule(component).draw(component, ground)
