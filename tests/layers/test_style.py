import pytest

from layers.colours import LEAST_DIFFERENCE, difference
from layers.model import Component, Rule, Structure
from layers.style import component_colours, contrast, load_style


def structure(*parts: tuple[str, str]) -> Structure:
    components = tuple(
        Component(no=i, name_zh=f"部分{i}", name_en=f"part {i}", role=role, lines=(1,), rule=Rule(form=form))
        for i, (role, form) in enumerate(parts, start=1)
    )
    return Structure(
        id="s", plan="p", name_zh="结构", name_en="structure", kind="zone-set", importance=1, chapter="一", lines=(1,),
        components=components,
    )  # fmt: skip


@pytest.mark.parametrize("theme", ["light", "grey", "dark"])
def test_label_inks_are_legible_on_paper_and_land(theme):
    style = load_style(theme)
    for name, entry in {**style.roles, **style.series}.items():
        assert contrast(entry.ink, style.text.paper) >= 5.5, name
        assert contrast(entry.ink, style.base.focus) >= 5.2, name
    for ink in (style.text.ink, style.text.second, style.text.notice):
        assert contrast(ink, style.text.paper) >= 5.5
    assert contrast(style.text.water, style.base.water) >= 4.5


def test_unknown_theme_names_the_known_ones():
    with pytest.raises(ValueError, match=r"light, grey, dark.*'sepia'"):
        load_style("sepia")


def test_misspelt_key_is_refused(monkeypatch, tmp_path):
    text = (load_style.__wrapped__.__globals__["PATH"]).read_text(encoding="utf-8").replace("shore_pt", "shore_px", 1)
    path = tmp_path / "style.toml"
    path.write_text(text, encoding="utf-8")
    monkeypatch.setattr("layers.style.PATH", path)
    with pytest.raises(ValueError, match="shore_p"):
        load_style.__wrapped__("light")


def test_grey_theme_uses_no_hue():
    style = load_style("grey")
    for name, entry in {**style.roles, **style.series}.items():
        red, green, blue = (entry.colour[i : i + 2] for i in (1, 3, 5))
        assert red == green == blue, name


def test_one_of_a_role_keeps_the_role_colour():
    style = load_style()
    colours = component_colours(structure(("core", "union"), ("axis", "axis"), ("belt", "along")), style)
    assert [colours[i].colour for i in (1, 2, 3)] == [style.roles[r].colour for r in ("core", "axis", "belt")]


def test_siblings_take_different_series_colours():
    style = load_style()
    colours = component_colours(structure(*[("cluster", "union")] * 4, ("axis", "axis")), style)
    siblings = [colours[i].colour for i in range(1, 5)]
    assert len(set(siblings)) == 4
    assert set(siblings) <= {s.colour for s in style.series.values()}
    assert colours[5].colour == style.roles["axis"].colour


def test_seven_siblings_share_one_colour_and_points_take_none():
    style = load_style()
    seven = component_colours(structure(*[("district", "union")] * 7), style)
    assert {c.colour for c in seven.values()} == {style.roles["district"].colour}
    mixed = component_colours(structure(("district", "point"), ("district", "unlocated"), ("district", "union")), style)
    assert mixed[3].colour == style.roles["district"].colour


def test_pale_colours_draw_lines_in_their_ink():
    style = load_style()
    ring = component_colours(structure(("ring", "ring")), style)[1]
    assert ring.line == ring.ink
    assert contrast(ring.line) >= 3.0


def test_belts_do_not_look_like_the_belts_of_other_roles():
    style = load_style()
    colours = component_colours(structure(("corridor", "along"), ("corridor", "along"), ("belt", "along")), style)
    assert colours[3].colour == style.roles["belt"].colour
    assert all(difference(colours[i].colour, colours[3].colour) > LEAST_DIFFERENCE for i in (1, 2))
    assert difference("#000000", "#FFFFFF") == pytest.approx(100.0, abs=0.1)
