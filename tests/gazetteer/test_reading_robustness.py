"""Input that no plan should be, but some file will: a clear message or a reading, never a crash and never a hang."""

from __future__ import annotations

import contextlib
import io
import random
import time
import zipfile

import pytest

from gazetteer import read
from gazetteer.reading import UnreadableTextError, extract, read_file
from tests.gazetteer.test_reading_text import pdf

PLAN = "wuzhong-14fyp"
PIECES = (
    "太湖大道，", "开发区、", "高新区", "轨道交通1、2、", "1、", "（苏州）产业园", "创新中心", "苏州至",
    "苏州科技创新产业", "沿太湖", "甬直", "S230", "祖冲之、", "等高校的", "《", "“", "（", "[bookmark:", "<a", "<p>",
    "**", " ", "\t", "\r\n", "中\n", "\x00", "\ud800", "第一章 总则……1\n",
)  # fmt: skip
"""Pieces that lists, brackets, mark-up and class nouns are made of: repeated, they make any backtracking visible."""


def seconds(text):
    start = time.process_time()
    read(text, plan=PLAN)
    return time.process_time() - start


@pytest.mark.timeout(60)
@pytest.mark.parametrize("piece", PIECES)
def test_time_is_linear_in_repetitions(piece):
    short, long = (piece * (size // len(piece)) for size in (10_000, 80_000))
    seconds("苏州")
    once = min(seconds(short) for _ in range(2))
    assert seconds(long) < 8 * 4 * max(once, 0.03)


@pytest.mark.timeout(120)
def test_one_line_of_five_megabytes():
    rng = random.Random(5)
    pieces = [piece for piece in PIECES if "\n" not in piece and "\ud800" not in piece]
    text = "".join(
        rng.choices([*pieces, "推进甪直镇和木渎镇建设，改善民生。"], k=250_000, weights=[1] * len(pieces) + [60])
    )
    text = text[: 5_000_000 // 3]
    mentions = read(text, plan=PLAN).mentions
    assert {mention.line for mention in mentions} == {1}
    assert all(text[mention.start : mention.end] == mention.surface for mention in mentions)


def test_contents_lines_keep_their_places():
    text = "第一章 推进太湖新城建设........12\n第二节 建设甪直古镇……………… 34\n"
    assert [(mention.surface, mention.line) for mention in read(text, plan=PLAN).mentions] == [
        ("太湖新城", 1),
        ("甪直古镇", 2),
    ]


@pytest.mark.parametrize("text", ["", "\n", "\x00", "\ud800", "\ufeff", " \t\r\n", "。" * 1000])
def test_texts_without_words(text):
    reading = read(text, plan=PLAN)
    assert reading.mentions == ()
    assert reading.lines == text.count("\n") + 1


def test_noise_inside_a_name():
    (mention,) = read("建设苏\x00州 市\ud800", plan=PLAN).mentions
    assert mention.name == "苏州市"


def test_file_of_two_hundred_megabytes(tmp_path):
    path = tmp_path / "plan.txt"
    with path.open("wb") as stream:
        stream.truncate(200 * 1024 * 1024)
    with pytest.raises(UnreadableTextError, match="at most 64 MB, got 200 MB"):
        read_file(path)


@pytest.mark.parametrize("cut", [10, 200, 400])
def test_cut_off_pdf(cut):
    with pytest.raises(UnreadableTextError, match=r"damaged or no PDF|a scan|no text"):
        extract(pdf("Suzhou")[:cut], name="plan.pdf")


def document(body: bytes, compression: int = zipfile.ZIP_STORED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        archive.writestr("word/document.xml", body)
    return stream.getvalue()


def test_docx_whose_text_is_too_large():
    # Little compressed, so no bomb by its ratio.
    with pytest.raises(UnreadableTextError, match="at most 40 MB of text"):
        extract(document(b"x" * (41 * 1024 * 1024)), name="plan.docx")


@pytest.mark.parametrize("body", [b"", b"<w", b"<a>" * 100_000, b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'])
def test_damaged_docx(body):
    with pytest.raises(UnreadableTextError, match="damaged"):
        extract(document(body), name="plan.docx")


def test_docx_that_says_less_than_it_holds():
    data = bytearray(document(b"\0" * 1_000_000, zipfile.ZIP_DEFLATED))
    position = data.rfind(b"PK\x01\x02") + 24
    data[position : position + 4] = (100).to_bytes(4, "little")
    with pytest.raises(UnreadableTextError, match=r"damaged|unpacks"):
        extract(bytes(data), name="plan.docx")


@pytest.mark.parametrize(
    "page", ["<p>" * 50_000 + "太湖", "<!--" * 50_000 + "太湖", "<a " * 50_000, "&#x110000;太湖", "<![CDATA[太湖"]
)
@pytest.mark.timeout(30)
def test_odd_html(page):
    with contextlib.suppress(UnreadableTextError):
        assert extract(page.encode(), name="plan.html").strip()


def test_random_bytes_are_no_text():
    with pytest.raises(UnreadableTextError, match=r"plan\.txt"):
        extract(random.Random(3).randbytes(20_000), name="plan.txt")
