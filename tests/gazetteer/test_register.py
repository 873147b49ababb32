"""The register: every record is sound, and the file on disk is what the tables say."""

import re
from collections import Counter

import pytest
import shapely

from gazetteer import building, open_register
from gazetteer.register import REGISTER_FILE
from geodata import crs, store
from geodata.sources import read_sources

REGISTER = open_register()
PLACES = list(REGISTER.places.values())


def test_register_on_disk_is_what_the_tables_say():
    assert REGISTER_FILE.read_bytes() == building.encode(building.build()), "run `make data`"


def test_ids_are_readable():
    for place in PLACES:
        assert re.fullmatch(r"[a-z_]+(-[a-z]+)*/[a-z0-9]+(-[a-z0-9]+)*", place.id), place.id


def test_a_position_has_an_accuracy_and_a_known_source():
    sources = set(read_sources())
    for place in PLACES:
        assert place.located == (place.basis != "unlocated"), place.id
        if place.located:
            assert place.accuracy_m is not None, place.id
            assert place.accuracy_m > 0, place.id
            assert place.source, place.id
            assert set(place.source.split(";")) <= sources, place


def test_a_place_without_a_position_says_why():
    for place in PLACES:
        assert place.located or place.note, place.id


def test_places_of_suzhou_lie_in_the_city_or_on_its_edge():
    city = store.read_metric("city").geometry.iloc[0].buffer(6000)
    lines = ("rail", "road", "river", "lake")
    for place in PLACES:
        if place.located and place.resolution == "suzhou" and place.category not in lines:
            point = shapely.Point(place.position)
            metric = shapely.transform(point, project, interleaved=False)
            assert city.contains(metric) or place.category == "station" or place.status != "open", place


def project(lon, lat):
    return crs.project(lon, lat)


def test_parents_exist_and_hold_their_places():
    counties = store.read_metric("counties")
    for place in PLACES:
        if not place.parent:
            continue
        assert place.parent in REGISTER.places, place
        if place.parent.startswith("county/") and place.located and place.resolution == "suzhou":
            parent = place.parent.removeprefix("county/")
            if parent not in counties.index:
                continue
            point = shapely.transform(shapely.Point(place.position), project, interleaved=False)
            distance = counties.geometry[parent].distance(point)
            # A place may stand on the edge: its own doubt and the outline's decide how far outside it may seem.
            assert distance <= max(300, place.accuracy_m), (place.id, round(distance))


def test_no_name_twice_in_a_category_without_a_reason():
    names = Counter((place.category, place.name_zh) for place in PLACES)
    twice = {key for key, count in names.items() if count > 1}
    for place in PLACES:
        if (place.category, place.name_zh) in twice:
            assert place.note, f"{place.id}: another {place.name_zh} exists; the note must tell them apart"


def test_geometry_references_lead_somewhere():
    for place in PLACES:
        if not place.geometry:
            continue
        layer, _, key = place.geometry.partition("/")
        frame = store.read(layer)
        assert key in frame.index or ("line" in frame.columns and (frame["line"] == key).any()), place.geometry


def test_bare_names_of_plans_lead_to_places():
    for plan, context in REGISTER.contexts.items():
        assert context.owner in REGISTER.places, plan
        for bare, place in context.bare_names.items():
            assert place in REGISTER.places, (plan, bare)


@pytest.mark.parametrize("category", ["county", "town", "lake", "river", "rail", "station", "road"])
def test_the_register_holds_every_kind(category):
    assert any(place.category == category and place.located for place in PLACES)


def test_every_county_and_at_least_96_towns():
    assert sum(place.category == "county" and place.resolution == "suzhou" for place in PLACES) == 10
    assert sum(place.id.startswith("town/") for place in PLACES) >= 96
