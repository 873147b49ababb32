"""Work in a process of its own: what it writes comes back, and what was wrong is told in one line."""

from __future__ import annotations

import json

import pytest

from app.jobs.job import JobError, run_job

AXIS_LAYER = "wuzhong-14fyp/wuzhong-core-axis-belt"


def test_one_component_of_a_layer():
    found = json.loads(run_job("app.jobs.geojson", {"layers": [AXIS_LAYER], "component": 2}))
    assert [each["properties"]["component_zh"] for each in found["features"]] == ["先进制造轴"]


def test_what_was_wrong_is_one_line():
    with pytest.raises(JobError, match="no-such") as caught:
        run_job("app.jobs.geojson", {"layers": ["wuzhong-14fyp/no-such"], "component": None})
    assert "\n" not in str(caught.value)


def test_an_endless_job_is_given_up():
    with pytest.raises(JobError, match="expected an end within"):
        run_job("app.jobs.geojson", {"layers": [AXIS_LAYER], "component": None}, patience_s=0.01)
