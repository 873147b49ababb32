"""Axe-core over a page, as WCAG 2.2 AA has it: what the tests of every page ask."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import axe_playwright_python

if TYPE_CHECKING:
    from playwright.sync_api import Page

_AXE: Final = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text("utf-8")
_RUN: Final = """() => axe.run(document, { iframes: false, resultTypes: ['violations'],
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }).then((found) => found.violations
  .flatMap((each) => each.nodes.filter((node) => document.querySelector(node.target[0])?.closest('.atlas-view'))
  .map((node) => `${each.id}: ${node.html.slice(0, 120)} ${node.any[0]?.message ?? ''}`)))"""


def judge(page: Page) -> list[str]:
    """Return the violations in what the app itself shows; Streamlit's own frame is not ours to mend."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_AXE)
    found: list[str] = page.evaluate(_RUN)
    # What scrolls under the edge of its box is small only until it is scrolled to.
    return [each for each in found if "partially obscured" not in each]
