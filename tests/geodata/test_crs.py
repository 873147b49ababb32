"""Coordinate systems: against published control values, against each other, and there and back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata import crs

SUZHOU = (120.62, 31.30)
METRES_PER_DEGREE = 111_320.0

longitudes = st.floats(min_value=73.5, max_value=135.0)
latitudes = st.floats(min_value=18.2, max_value=53.5)


def distance_m(lon1, lat1, lon2, lat2):
    east = (np.asarray(lon2) - lon1) * METRES_PER_DEGREE * np.cos(np.radians(lat1))
    north = (np.asarray(lat2) - lat1) * METRES_PER_DEGREE
    return np.hypot(east, north)


def test_project_gives_easting_before_northing():
    easting, northing = crs.project(*SUZHOU)
    assert easting == pytest.approx(559026.995, abs=0.001)
    assert northing == pytest.approx(3464401.859, abs=0.001)


def test_zone_40_puts_the_zone_before_the_easting():
    easting, northing = crs.project(*SUZHOU, target=crs.CGCS2000_ZONE_40)
    assert easting == pytest.approx(40559026.995, abs=0.001)
    assert northing == pytest.approx(3464401.859, abs=0.001)


@given(st.floats(119.8, 121.5), st.floats(30.7, 32.2))
def test_unproject_inverts_project(lon, lat):
    assert crs.unproject(*crs.project(lon, lat)) == pytest.approx((lon, lat), abs=1e-9)


def test_gcj02_shift_at_suzhou_is_464_m_to_the_east_south_east():
    lon, lat = crs.wgs84_to_gcj02(*SUZHOU)
    east = (lon - SUZHOU[0]) * METRES_PER_DEGREE * np.cos(np.radians(SUZHOU[1]))
    north = (lat - SUZHOU[1]) * METRES_PER_DEGREE
    assert east == pytest.approx(397, abs=3)
    assert north == pytest.approx(-241, abs=3)


def test_gcj02_of_a_known_point():
    # A control pair in Shanghai that several implementations publish (the package eviltransform gives it to 1 cm).
    assert crs.wgs84_to_gcj02(121.5272106, 31.1774276) == pytest.approx((121.531541859215, 31.17530398364597), abs=1e-9)


@given(longitudes, latitudes)
def test_gcj02_inverse_is_exact_to_a_centimetre(lon, lat):
    back = crs.gcj02_to_wgs84(*crs.wgs84_to_gcj02(lon, lat))
    assert distance_m(lon, lat, *back) < 0.01


@given(longitudes, latitudes)
def test_bd09_inverse_is_exact_to_a_centimetre(lon, lat):
    back = crs.bd09_to_wgs84(*crs.wgs84_to_bd09(lon, lat))
    assert distance_m(lon, lat, *back) < 0.01


def test_transforms_take_arrays_of_any_shape():
    lon, lat = np.full((2, 3), SUZHOU[0]), np.full((2, 3), SUZHOU[1])
    for transform in (crs.wgs84_to_gcj02, crs.gcj02_to_wgs84, crs.wgs84_to_bd09, crs.bd09_to_wgs84):
        shifted_lon, shifted_lat = transform(lon, lat)
        assert shifted_lon.shape == shifted_lat.shape == (2, 3)
        assert np.ptp(shifted_lon) == 0


@pytest.mark.parametrize("datum", ["wgs84", "gcj02", "bd09"])
def test_to_wgs84_undoes_each_datum(datum):
    forward = {"wgs84": lambda *p: p, "gcj02": crs.wgs84_to_gcj02, "bd09": crs.wgs84_to_bd09}[datum]
    assert crs.to_wgs84(*forward(*SUZHOU), datum=datum) == pytest.approx(SUZHOU, abs=1e-8)


def test_unknown_datum_is_refused_by_name():
    with pytest.raises(ValueError, match="got 'nad27'"):
        crs.to_wgs84(*SUZHOU, datum="nad27")


@pytest.mark.parametrize("code", sorted(crs.REFUSED_EPSG))
def test_old_national_datums_are_refused_with_the_reason(code):
    with pytest.raises(ValueError, match="refused"):
        crs.transformer(source=code, target=crs.WGS84)


def test_unsupported_code_names_what_is_supported():
    with pytest.raises(ValueError, match=r"4326.*got 32651"):
        crs.transformer(source=crs.WGS84, target=32651)
