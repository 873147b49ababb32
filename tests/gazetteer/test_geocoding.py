"""Geocoding: every way of writing a name, what decides between namesakes, and no guess for the unknown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer import Place, Register, geocode, open_register
from gazetteer.geocoding import suggest
from gazetteer.naming import normalise
from gazetteer.register import Context


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("甪直镇", "town/luzhi"),
        ("甪直", "town/luzhi"),
        ("Luzhi Town", "town/luzhi"),
        ("luzhi", "town/luzhi"),
        ("LU ZHI", "town/luzhi"),
        ("ｌｕｚｈｉ", "town/luzhi"),
        ("甪 直", "town/luzhi"),
        ("甪直鎮", "town/luzhi"),
        ("吳中區", "county/wuzhong"),
        ("吴中", "county/wuzhong"),
        ("Kunshan", "county/kunshan"),
        ("太湖科学城", "functional_area/taihu-kexue-cheng"),
        ("苏州工业园区", "county/sip"),
        ("太湖", "lake/tai-hu"),
        ("京沪高铁", "rail/jinghu-gaotie"),
    ],
)
def test_all_ways_of_writing_lead_to_the_place(name, place):
    assert geocode(name).best.place.id == place


@pytest.mark.parametrize(
    ("name", "plan", "place"),
    [
        ("高新区", "wuzhong-14fyp", "dev_zone/wuzhong-gaoxinqu"),
        ("高新区", "snd-14fyp", "county/huqiu"),
        ("高新区", "kunshan-15fyp", "dev_zone/kunshan-gaoxinqu"),
        ("开发区", "wuzhong-14fyp", "dev_zone/wuzhong-jingkaiqu"),
        ("开发区", "kunshan-15fyp", "dev_zone/kunshan-jingji-jishu-kaifaqu"),
        ("太湖新城", "wuzhong-14fyp", "functional_area/taihu-xincheng-wuzhong"),
    ],
)
def test_a_bare_name_means_what_its_plan_means(name, plan, place):
    assert geocode(name, plan=plan).best.place.id == place


@pytest.mark.parametrize("name", ["", "  ", "。", "不存在的地方", "Atlantis", "通安全", "甪"])
def test_an_unknown_name_has_no_place(name):
    result = geocode(name)
    assert result.best is None
    assert result.alternatives == ()


def test_unknown_plan_names_the_known_ones():
    with pytest.raises(ValueError, match=r"wuzhong-14fyp.*got 'wuzhong'"):
        geocode("甪直", plan="wuzhong")


def make(place_id, name, **fields):
    return Place(id=place_id, name_zh=name, name_en=place_id, category=fields.pop("category", "park"), **fields)


def test_equal_names_stay_as_ranked_alternatives_and_the_plan_decides():
    places = [
        make("county/a", "甲区", category="county", lon=120.0, lat=31.0),
        make("county/b", "乙区", category="county", lon=121.0, lat=31.0),
        make("road/a", "人民路", category="road", parent="county/a", lon=120.0, lat=31.0),
        make("road/b", "人民路", category="road", parent="county/b", lon=121.0, lat=31.0),
    ]
    register = Register(
        places={place.id: place for place in places},
        contexts={"p": Context(owner="county/a"), "q": Context(owner="county/b")},
    )
    open_question = geocode("人民路", register=register)
    assert open_question.ambiguous
    assert {open_question.best.place.id, open_question.alternatives[0].place.id} == {"road/a", "road/b"}
    for plan, place in (("p", "road/a"), ("q", "road/b")):
        answer = geocode("人民路", plan=plan, register=register)
        assert answer.best.place.id == place
        assert not answer.ambiguous
        assert "own area" in answer.best.reason


def test_context_does_not_lift_a_pinyin_reading_over_a_full_name():
    places = [
        make("county/a", "甲区", category="county"),
        make("park/x", "Xi", parent="county/a", pinyin="xi"),
        make("park/y", "西", pinyin="xi", parent="county/a"),
    ]
    register = Register(places={place.id: place for place in places}, contexts={"p": Context(owner="county/a")})
    assert geocode("xi", plan="p", register=register).best.place.id == "park/x"


@given(st.sampled_from(sorted(open_register().places)))
def test_every_place_is_found_by_its_own_name(place_id):
    place = open_register().places[place_id]
    result = geocode(place.name_zh)
    assert place_id in {result.best.place.id, *(candidate.place.id for candidate in result.alternatives)}
    assert result.best.score >= max((candidate.score for candidate in result.alternatives), default=0)


@given(st.text(max_size=30))
def test_no_text_breaks_the_geocoder(text):
    result = geocode(text)
    assert result.query == text


@given(st.text(max_size=30))
def test_normalising_twice_changes_nothing(text):
    assert normalise(normalise(text)) == normalise(text)


@pytest.mark.parametrize(
    ("typed", "name"), [("甪", "甪直镇"), ("luz", "甪直镇"), ("金鸡", "金鸡湖"), ("Kunsh", "昆山市")]
)
def test_suggestions_grow_from_what_is_typed(typed, name):
    assert name in {place.name_zh for place in suggest(typed)}


def test_suggestions_are_limited_and_never_repeat():
    found = suggest("苏州", limit=7)
    assert len(found) == 7
    assert len({place.id for place in found}) == 7
    assert suggest("") == ()
