"""The catalogue: plans and their structures, read from ``layers/plans/<plan>/*.toml`` and the projects into records.

Adding a plan is adding a folder; adding a structure is adding a file. See docs/add-a-plan.md.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from geodata.workspace import kept_until_change
from layers.model import Plan, Structure
from layers.own import OWN_PLAN, read_own_structures
from layers.projects import layers_of_projects

if TYPE_CHECKING:
    from collections.abc import Mapping

PLANS_FOLDER: Final = Path(__file__).parent / "plans"
_PLAN_FILE: Final = "plan.toml"


@cache
def read_plans() -> Mapping[str, Plan]:
    """Return the plans by id, in their declared order."""
    plans = [_read(path, Plan, id=path.parent.name) for path in PLANS_FOLDER.glob(f"*/{_PLAN_FILE}")]
    return {plan.id: plan for plan in sorted(plans, key=lambda plan: plan.order)}


def find_plan(plan_id: str) -> Plan:
    """Return a plan, or what stands for one where layers are the bureau's own.

    Raises
    ------
    KeyError
        If there is no such plan.
    """
    return OWN_PLAN if plan_id == OWN_PLAN.id else read_plans()[plan_id]


def read_collections() -> Mapping[str, Plan]:
    """Return what layers are listed under: the plans, and after them the bureau's own layers where there are any."""
    return {**read_plans(), **({OWN_PLAN.id: OWN_PLAN} if read_own_structures() else {})}


@kept_until_change
@cache
def read_structures() -> Mapping[str, Structure]:
    """Return all structures by layer id, in the order of plans, then of importance, then of the plan's lines.

    The projects that a plan names come as structures of kind ``projects``, one a group, after those as important. Last
    come the layers that the bureau has imported beside the plans.
    """
    structures = [
        _read(path, Structure, id=path.stem, plan=plan)
        for plan in read_plans()
        for path in (PLANS_FOLDER / plan).glob("*.toml")
        if path.name != _PLAN_FILE
    ]
    plans = list(read_plans())
    structures += layers_of_projects(plans)
    structures.sort(key=lambda s: (plans.index(s.plan), s.importance, s.order, s.id))
    return {structure.layer_id: structure for structure in (*structures, *read_own_structures())}


def find_structure(layer_id: str) -> Structure:
    """Return the structure of a layer.

    Raises
    ------
    KeyError
        If there is no such layer; the message names near ones.
    """
    structures = read_structures()
    if layer_id not in structures:
        tail = layer_id.rpartition("/")[2]
        near = [known for known in structures if tail and tail in known][:5]
        hint = f"; near it: {', '.join(near)}" if near else "; `plan-atlas layers` lists them all"
        msg = f"expected the id of a layer, got {layer_id!r}{hint}"
        raise KeyError(msg)
    return structures[layer_id]


def _read(path: Path, record: type[Any], **given: str) -> Any:
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    table["components"] = table.pop("component", [])
    if record is Plan:
        del table["components"]
    for component in table.get("components", ()):
        component["rule"] = _rule(component["rule"])
    try:
        _refuse_unknown(table, record)
        return msgspec.convert(table | given, record)
    except (msgspec.ValidationError, ValueError) as error:
        msg = f"{path.parent.name}/{path.name}: {error}"
        raise ValueError(msg) from error


def _rule(table: dict[str, Any]) -> dict[str, Any]:
    """Part the form of a rule from its parameters."""
    return {"form": table["form"], "params": {key: value for key, value in table.items() if key != "form"}}


def _refuse_unknown(table: dict[str, Any], record: type[Any]) -> None:
    if unknown := set(table) - set(record.__dataclass_fields__):
        msg = f"expected the fields {sorted(record.__dataclass_fields__)}, got also {sorted(unknown)}"
        raise ValueError(msg)
