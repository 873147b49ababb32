"""A job that is watched: what it tells, and what it says besides."""

from __future__ import annotations

import sys

from app.jobs.watched import answer_watched, start_job


def work(wish, tell):
    tell(0.5, "half of it")
    sys.stderr.write("a warning of one feature\n" * wish["warnings"])
    if wish["fails"]:
        raise ValueError("expected a ring that is closed, got an open one")
    return "done"


def follow(folder, **wish):
    job = start_job("tests.app.test_watched", wish, folder=folder)
    assert job.ended.wait(60)
    return job.share, job.what, job.answer, job.error


def test_a_job_that_warns_of_everything_comes_to_its_end(tmp_path):
    assert follow(tmp_path, warnings=50_000, fails=False) == (0.5, "half of it", "done", "")


def test_a_failure_is_told_in_its_last_line(tmp_path):
    told = follow(tmp_path, warnings=2, fails=True)
    assert told == (0.5, "half of it", None, "expected a ring that is closed, got an open one")


if __name__ == "__main__":
    sys.exit(answer_watched(work))
