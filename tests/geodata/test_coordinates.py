"""Every notation is read back as it was written; what could mean two things is refused."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.coordinates import SYSTEMS, CoordinateError, parse_position, write_position

LON = st.floats(119.5, 121.8)
LAT = st.floats(30.5, 32.3)
METRE = 1.2e-5
"""A metre in degrees, rounded up."""


def near(position, lon, lat, *, metres=0.5):
    assert abs(position.lon - lon) < metres * METRE
    assert abs(position.lat - lat) < metres * METRE


@settings(deadline=None, max_examples=60)
@given(LON, LAT, st.sampled_from(SYSTEMS), st.sampled_from(["decimal", "dms"]))
def test_every_notation_is_read_back(lon, lat, system, notation):
    metric = system in ("4549", "4528")
    text = write_position(lon, lat, system=system, notation="metres" if metric else notation)
    position = parse_position(text, system=system)
    near(position, lon, lat)
    assert position.system == system
    assert position.notation == ("metres" if metric else notation)


@settings(deadline=None, max_examples=60)
@given(LON, LAT, st.sampled_from(["{y} {x}", "{x},{y}", "{y}，{x}", "{x}；{y}", "({y}; {x})"]))
def test_order_does_not_matter_where_it_cannot_be_mistaken(lon, lat, form):
    position = parse_position(form.format(x=f"{lon:.7f}", y=f"{lat:.7f}"))
    near(position, lon, lat)
    assert position.swapped == (form.index("y") < form.index("x"))


@settings(deadline=None, max_examples=60)
@given(st.floats(-89.9, 89.9), st.floats(-89.9, 89.9))
def test_bare_numbers_that_could_be_either_are_refused(one, other):
    with pytest.raises(CoordinateError, match="order") as refused:
        parse_position(f"{one:.6f} {other:.6f}")
    assert refused.value.fault == "order"
    near(parse_position(f"{abs(one):.7f}E {abs(other):.7f}N"), abs(one), abs(other))


@pytest.mark.parametrize(
    ("text", "lon", "lat"),
    [
        ("31°18′00″N 120°37′12″E", 120.62, 31.3),
        ("120°37'12\" 31°18'", 120.62, 31.3),
        ("北纬31度18分0秒，东经120度37分12秒", 120.62, 31.3),
        ("东经120度37.2分 北纬31.3度", 120.62, 31.3),
        ("31:18:00 120:37:12", 120.62, 31.3),
        ("31 18 0 120 37 12", 120.62, 31.3),
        ("Ｅ１２０．６２，Ｎ３１．３", 120.62, 31.3),
        ("lat=31.3, lng=120.62", 120.62, 31.3),
        ("S33.86 E151.21", 151.21, -33.86),
        ("33.86S 70.5W", -70.5, -33.86),
        ("CGCS2000 120.62 31.3", 120.62, 31.3),
    ],
)
def test_what_people_write(text, lon, lat):
    near(parse_position(text), lon, lat, metres=0.1)


def test_metres_are_known_by_their_size():
    plain = parse_position("559027, 3464402")
    assert plain.system == "4549"
    assert not plain.stated
    with_zone = parse_position("X=3464402 Y=40559027")
    assert (with_zone.system, with_zone.stated, with_zone.swapped) == ("4528", True, True)
    near(with_zone, plain.lon, plain.lat)
    near(plain, 120.62, 31.3, metres=200)


def test_a_shifted_datum_is_stated_in_the_text_or_by_the_caller():
    plain = parse_position("120.62, 31.3")
    stated = parse_position("高德 120.62, 31.3")
    assert (stated.system, stated.stated) == ("gcj02", True)
    chosen = parse_position("120.62, 31.3", system="gcj02")
    near(chosen, stated.lon, stated.lat)
    assert not chosen.stated
    assert 300 * METRE < abs(plain.lon - stated.lon) < 600 * METRE
    baidu = parse_position("百度坐标：31.3, 120.62")
    assert baidu.system == "bd09"
    assert abs(baidu.lon - stated.lon) > 400 * METRE


@pytest.mark.parametrize(
    ("text", "system", "fault"),
    [
        ("", "wgs84", "empty"),
        ("1" * 500, "wgs84", "empty"),
        ("苏州", "wgs84", "numbers"),
        ("120.62", "wgs84", "numbers"),
        ("120,62 31,30", "wgs84", "numbers"),
        ("120.62 131.3", "wgs84", "range"),
        ("120°61′ 31°", "wgs84", "minutes"),
        ("120.62E 31.3E", "wgs84", "hemisphere"),
        ("190.5E 31.3N", "wgs84", "range"),
        ("39559027 3464402", "wgs84", "zone"),
        ("20559027 3464402", "wgs84", "zone"),
        ("559027 3464402", "4528", "zone"),
        ("13427356 3671000", "wgs84", "mercator"),
        ("559027 559027", "wgs84", "metres"),
        ("120.62 31.3", "4549", "metres"),
        ("GCJ-02 559027 3464402", "wgs84", "datum"),
        ("高德 BD-09 120.62 31.3", "wgs84", "clash"),
        ("高德 120.62 31.3", "bd09", "clash"),
        ("WGS84 120.62 31.3", "gcj02", "clash"),
    ],
)
def test_what_is_refused_and_why(text, system, fault):
    with pytest.raises(CoordinateError) as refused:
        parse_position(text, system=system)
    assert refused.value.fault == fault
    assert "expected" in str(refused.value)
    assert "got" in str(refused.value)


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text):
    try:
        position = parse_position(text)
    except CoordinateError:
        return
    assert -180 <= position.lon <= 180
    assert -90 <= position.lat <= 90


def test_an_unknown_system_is_refused():
    with pytest.raises(ValueError, match="expected a system"):
        parse_position("120 31", system="xian80")
    with pytest.raises(ValueError, match="expected metres"):
        write_position(120.6, 31.3, system="4549", notation="dms")
