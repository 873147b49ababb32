"""Both catalogues say everything that the interface asks for."""

from __future__ import annotations

import re
import string
from pathlib import Path
from typing import get_args

import pytest

from app import actions, address
from app.compare import state as compare_state
from app.composer import state as composer_state
from app.data import list as data_list
from app.export import state as export_state
from app.here import desk as here_desk
from app.here import state as here_state
from app.indicators import state as indicators_state
from app.map import legend, panel
from app.map import state as map_state
from app.projects import state as projects_state
from app.table import desk as table_desk
from app.text import families as text_families
from app.text import reasons
from app.text import state as text_state
from app.wording import LANGUAGES, words
from gazetteer.importing import Need, Step, Told
from gazetteer.place import Category
from gazetteer.reading.mention import Resolved
from geodata import coordinates
from geodata.importing import kinds, repairs, systems
from geodata.workspace.records import Action
from layers.comparing import Field, Where
from layers.indicators.comparing import Obstacle
from layers.indicators.values import Bound
from layers.model import Basis, Extent, PieceForm, ProjectStatus, Role
from layers.pairing import Group
from layers.projects import Difference, ProjectTheme

APP = Path(__file__).parents[2] / "app"
USED = re.compile(r"words\(\s*[\"']([\w.]+)[\"']")


def fields(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_catalogues_have_the_same_keys_and_blanks():
    zh, en = (words(lang).texts for lang in LANGUAGES)
    assert set(zh) == set(en)
    assert [key for key in zh if fields(zh[key]) != fields(en[key])] == []
    assert [key for key in zh if not zh[key].strip() or not en[key].strip()] == []


@pytest.mark.parametrize(
    "path", sorted([*APP.rglob("*.py"), *APP.rglob("*.html")]), ids=lambda path: f"{path.parent.name}/{path.name}"
)
def test_every_key_used_exists(path):
    known = words("zh").texts
    assert [key for key in USED.findall(path.read_text("utf-8")) if key not in known and not key.endswith(".")] == []


def test_every_word_of_a_closed_set_is_told():
    known = words("zh").texts
    wanted = [f"roles.{each}" for each in get_args(Role)]
    wanted += [f"{table}.{each}" for table in ("bases", "basis_words") for each in get_args(Basis)]
    wanted += [f"extents.{each}" for each in get_args(Extent)]
    wanted += [f"categories.{each}" for each in get_args(Category)]
    wanted += [f"project.statuses.{each}" for each in get_args(ProjectStatus)]
    wanted += [f"project.differs.{each}" for each in get_args(Difference)]
    wanted += [f"crs_{each}" for each in address.CRS_NAMES]
    wanted += [f"base_{each}" for each in address.GROUPS]
    wanted += [f"tier_{each}" for each in panel._TIERS]
    wanted += [f"forms.{each}" for each in {*get_args(PieceForm), "anchor"} - {*legend._PLAIN}]
    wanted += list(map_state.MAP_WORDS)
    wanted += [f"text.families.{each}" for each in text_families.read_families()]
    wanted += [f"text.{table}.{each}" for table in ("resolutions", "resolution_hints") for each in get_args(Resolved)]
    wanted += [f"text.reasons.{each}" for each in reasons._FORMS]
    wanted += [f"text.troubles.{each}" for each in reasons._TROUBLES]
    wanted += [f"text.tab_{each}" for each in text_state.TABS]
    wanted += [f"indicators.{table}.{each}" for table in ("tabs", "told") for each in indicators_state.TABS]
    wanted += [f"indicators.attributes.{each}" for each in indicators_state.ATTRIBUTES]
    wanted += [f"indicators.forms.{each}" for each in indicators_state.FORMS]
    wanted += [f"indicators.kinds.{each}" for each in indicators_state.KINDS]
    wanted += [f"indicators.bounds.{each}" for each in {*get_args(Bound)} - {"exact", "none"}]
    wanted += [f"indicators.obstacles.{each}" for each in get_args(Obstacle) if each]
    wanted += [f"data.kinds.{each}" for each in kinds.read_kinds()]
    wanted += [f"data.systems.{each}" for each in (*systems.DEGREES, *systems.METRES)]
    wanted += [f"data.issues.{each}" for each in repairs.MESSAGES]
    wanted += [f"data.errors.{each}" for each in data_list.KNOWN_ERRORS]
    wanted += [f"data.statuses.{each}" for each in get_args(Told)]
    wanted += [f"data.needs.{each}" for each in get_args(Need)]
    wanted += [f"data.steps.{each}" for each in (*get_args(Step), "show", "write")]
    wanted += [f"data.actions.{each}" for each in get_args(Action)]
    wanted += [f"here.systems.{each}" for each in coordinates.SYSTEMS]
    wanted += [f"here.faults.{each}" for each in get_args(coordinates.Fault)]
    wanted += [
        f"here.{table}.{each}" for table in ("certainties", "certainty_hints") for each in here_state.CERTAINTIES
    ]
    wanted += [f"here.draw_{each}{tail}" for each in here_desk.SKETCHES for tail in ("", "_hint")]
    wanted += [f"compare.fields.{each}" for each in get_args(Field)]
    wanted += [f"compare.where.{each}" for each in get_args(Where)]
    for table, ids in (("modes", compare_state.MODES), ("tabs", compare_state.TABS), ("shows", compare_state.SHOWS)):
        wanted += [f"compare.{table}.{each}" for each in ids]
    wanted += [f"export.kinds.{each}" for each in export_state.KINDS]
    wanted += [f"export.formats.{each}" for each in export_state.FORMATS]
    wanted += [f"compare.kinds.{each}" for each in compare_state.KINDS]
    for table, ids in (
        ("extents", composer_state.EXTENTS),
        ("pages", composer_state.PAGES),
        ("speeches", composer_state.LANGS),
        ("themes", composer_state.THEMES),
        ("labels", composer_state.LABELS),
    ):
        wanted += [f"composer.{table}.{each}" for each in ids]
    wanted += [f"composer.{table}.{each}" for table in ("tiers", "importances") for each in (1, 2, 3)]
    wanted += [f"compare.groups.{each}" for each in get_args(Group)]
    for table, ids in (
        ("tabs", projects_state.TABS),
        ("stacks", projects_state.STACKS),
        ("themes", get_args(ProjectTheme)),
        ("districts", (projects_state.WHOLE, projects_state.OUTSIDE)),
        ("heads", projects_state.SORTS[1:]),
    ):
        wanted += [f"projects.{table}.{each}" for each in ids]
    wanted += [f"table.{tab}.{each}" for tab in table_desk.TABS for each in {*table_desk._HEADS} - {"area"}]
    wanted += [f"table.{each}{tab}" for tab in table_desk.TABS for each in ("tabs.", "none.", "none_more.")]
    wanted += [f"places.{table}.{each}" for table in ("said", "said_heads") for each in ("structures", "figures")]
    assert [key for key in wanted if key not in known] == []


def test_no_key_is_left_over():
    sources = "".join(path.read_text("utf-8") for path in [*APP.rglob("*.py"), *APP.rglob("*.html")])
    sources += "".join(path.read_text("utf-8") for path in APP.glob("map/*.js"))
    dynamic = (
        "roles.",
        "bases.",
        "basis_words.",
        "extents.",
        "categories.",
        "forms.",
        "crs_",
        "base_",
        "tool_",
        "tier_",
        "project.statuses.",
        "project.differs.",
        "text.families.",
        "text.resolutions.",
        "text.resolution_hints.",
        "text.reasons.",
        "text.troubles.",
        "text.tab_",
        "work.trouble_",
        "compare.fields.",
        "compare.where.",
        "compare.modes.",
        "compare.tabs.",
        "compare.shows.",
        "compare.kinds.",
        "compare.groups.",
        "compare.tiers.",
        "compare.map_",
        "compare.left",
        "compare.right",
        "places.tab_",
        "places.save_",
        *(
            f"places.{table}."
            for table in ("districts", "accuracies", "nowhere", "why", "basis_of_position", "statuses")
        ),
        *(f"places.{table}." for table in ("heads", "matches", "match_words", "bad")),
        *(
            f"data.{table}."
            for table in ("kinds", "systems", "statuses", "actions", "doubts", "needs", "meta", "meta_hint", "steps")
        ),
        *(f"data.{table}." for table in ("issues", "errors")),
        "data.step_",
        *(f"projects.{table}." for table in ("tabs", "stacks", "themes", "districts", "heads")),
        *(f"table.{table}." for table in ("tabs", "plans", "base", "none", "none_more")),
        "places.said.",
        "places.said_heads.",
        *(
            f"composer.{table}."
            for table in ("extents", "pages", "speeches", "themes", "labels", "tiers", "importances")
        ),
        "export.kinds.",
        "export.formats.",
        "here.systems.",
        "here.certainties.",
        "here.certainty_hints.",
        "here.faults.",
        "here.draw_",
        *(f"indicators.{table}." for table in ("tabs", "told", "attributes", "forms", "kinds", "better", "changes")),
        *(f"indicators.{table}." for table in ("bounds", "units", "scales", "years", "obstacles")),
    )
    unused = [key for key in words("zh").texts if not key.startswith(dynamic) and key not in sources]
    assert unused == []


def test_a_missing_key_or_blank_is_an_error():
    with pytest.raises(KeyError):
        words("zh")("no_such_key")
    with pytest.raises(KeyError):
        words("zh")("search_none", wrong="x")


def test_actions_have_no_word_of_their_own():
    assert not re.search(r"[\u4e00-\u9fff]", Path(actions.__file__).read_text("utf-8"))
