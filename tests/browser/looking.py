"""Axe-core over a page that has come to rest, as WCAG 2.2 AA has it: what the tests of every page ask."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import axe_playwright_python

if TYPE_CHECKING:
    from playwright.sync_api import Frame, Page

_AXE: Final = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text("utf-8")
_RUN: Final = """() => axe.run(document, { iframes: false, resultTypes: ['violations'],
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }).then((found) => found.violations
  .flatMap((each) => each.nodes.filter((node) => document.querySelector(node.target[0])?.closest('.atlas-view'))
  .map((node) => `${each.id}: ${node.html.slice(0, 120)} ${node.any[0]?.message ?? ''}`)))"""
_SERIOUS: Final = """(where) => axe.run(where ?? document, { iframes: false, resultTypes: ['violations'] })
  .then((found) => found.violations.filter((each) => ['serious', 'critical'].includes(each.impact))
  .map((each) => `${each.id}: ${each.nodes.map((node) => node.html.slice(0, 120)).slice(0, 4).join(' | ')}`))"""
RESTS: Final = """() => !document.querySelector('[data-stale=true], [data-test-script-state=running]')
  && document.getAnimations().every((each) => each.playState !== 'running'
    || each.effect.getComputedTiming().endTime === Infinity)"""
"""Whether the app has answered and nothing moves."""


def rest(page: Page | Frame) -> None:
    """Wait until the app has answered and nothing moves: what Streamlit is about to replace is paler till then."""
    page.wait_for_function(RESTS)


def judge(page: Page) -> list[str]:
    """Return the violations in what the app itself shows; Streamlit's own frame is not ours to mend."""
    _make_ready(page)
    found: list[str] = page.evaluate(_RUN)
    # What scrolls under the edge of its box is small only until it is scrolled to.
    return [each for each in found if "partially obscured" not in each]


def find_serious(page: Page | Frame, where: dict[str, list[str]] | None = None) -> list[str]:
    """Return the serious and critical violations, of all of axe's rules, in a whole document or where axe is told."""
    _make_ready(page)
    found: list[str] = page.evaluate(_SERIOUS, where)
    return found


def _make_ready(page: Page | Frame) -> None:
    rest(page)
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_AXE)
