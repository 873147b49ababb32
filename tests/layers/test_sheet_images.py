"""Small sheets beside reference pictures, with a tolerance that another version of a font stays within.

After a wanted change: ``PLAN_ATLAS_NEW_IMAGES=1 python -m pytest tests/layers/test_sheet_images.py``, and look at them.
"""

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from layers import fonts
from layers.sheet import draw_sheet
from tests.layers.sample_layers import core_axis_belt, parks_and_lines

IMAGES = Path(__file__).with_name("images")
FAMILY = "Noto Sans CJK SC"
"""Family in which the references are set."""
WIDTH_PX = 900
MOST_MEAN = 0.012
"""Mean difference of tone (0 to 1) after shrinking to a third; another font version gives about 0.003."""
MOST_FAR = 0.015
"""Share of shrunk pixels that may differ by more than a quarter; a missing belt or a moved legend gives more."""
SHEETS = {
    "structure-16x9": (core_axis_belt, {}),
    "lines-a4": (parks_and_lines, {"page": "a4"}),
    "grey-a4-portrait": (core_axis_belt, {"page": "a4-portrait", "theme": "grey"}),
    "dark-both": (core_axis_belt, {"theme": "dark", "lang": "both"}),
    "english-a3": (parks_and_lines, {"page": "a3", "lang": "en"}),
}


def tones(path: Path) -> np.ndarray:
    picture = Image.open(path).convert("RGB")
    return np.asarray(picture.resize((picture.width // 3, picture.height // 3), Image.Resampling.BOX), float) / 255.0


@pytest.mark.parametrize("name", SHEETS)
def test_sheet_looks_like_its_reference(name, tmp_path):
    if fonts.face().family != FAMILY:
        pytest.skip(f"the references are set in {FAMILY}, here is {fonts.face().family}")
    build, options = SHEETS[name]
    sheet = draw_sheet(build(), date="2026-11-21", **options)
    inches = sheet.figure.get_size_inches()[0]
    drawn = tmp_path / f"{name}.png"
    replace(sheet, dpi=WIDTH_PX / inches).save(drawn)
    reference = IMAGES / f"{name}.png"
    if os.environ.get("PLAN_ATLAS_NEW_IMAGES"):
        Image.open(drawn).convert("RGB").quantize(160, dither=Image.Dither.NONE).save(reference, optimize=True)
    assert reference.stat().st_size < 150_000
    one, other = tones(drawn), tones(reference)
    assert one.shape == other.shape
    difference = np.abs(one - other).max(axis=2)
    assert difference.mean() < MOST_MEAN
    assert (difference > 0.25).mean() < MOST_FAR
