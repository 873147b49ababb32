"""Texts out of files, good and bad; and the command that reads them."""

from __future__ import annotations

import csv
import io
import json
import zipfile

import pytest
from click.testing import CliRunner
from docx import Document
from PIL import Image, ImageDraw
from pypdf import PdfWriter

from app.command_line import cli, main
from gazetteer.reading import UnreadableTextError, extract
from gazetteer.reading import text as texts

TEXT = "推进吴中区甪直镇建设。\n治理太湖。\n" * 20


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings(encoding):
    assert extract(TEXT.encode(encoding), name="plan.txt") == TEXT


def test_docx_with_a_table():
    document = Document()
    document.add_paragraph("第一章 太湖")
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "甪直镇", "木渎镇"
    document.add_paragraph("结尾")
    stream = io.BytesIO()
    document.save(stream)
    assert extract(stream.getvalue(), name="plan.docx") == "第一章 太湖\n甪直镇\t木渎镇\n结尾"


def pdf(*words: str) -> bytes:
    """Return a PDF of one page with the words as its text layer."""
    content = f"BT /F1 12 Tf 72 700 Td ({' '.join(words)}) Tj ET".encode() if words else b""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    data, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(data)
    data += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return data + b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % start


def test_pdf_with_a_text_layer():
    assert "Suzhou 2030" in extract(pdf("Suzhou", "2030"), name="plan.pdf")


def locked(user: str, owner: str) -> bytes:
    """Return a PDF encrypted with two passwords: to open it, and to change it."""
    writer = PdfWriter(clone_from=io.BytesIO(pdf("Suzhou", "2030")))
    writer.encrypt(user, owner, algorithm="RC4-128")
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def test_encrypted_pdf():
    with pytest.raises(UnreadableTextError, match=r"^plan\.pdf: the PDF is encrypted; remove the password$"):
        extract(locked("secret", "secret"), name="plan.pdf")


def test_pdf_that_is_locked_against_changes_only():
    assert "Suzhou 2030" in extract(locked("", "secret"), name="plan.pdf")


def test_pdf_of_scanned_pages():
    pages = [Image.new("1", (620, 877), 1) for _ in range(3)]
    for page in pages:
        ImageDraw.Draw(page).text((80, 80), "Suzhou 2030", fill=0)
    stream = io.BytesIO()
    pages[0].save(stream, "PDF", save_all=True, append_images=pages[1:])
    with pytest.raises(UnreadableTextError, match=r"^plan\.pdf: 3 pages without a text layer, a scan; run text"):
        extract(stream.getvalue(), name="plan.pdf")


def test_the_command_names_a_locked_file_in_one_line(tmp_path, monkeypatch, capsys):
    path = tmp_path / "plan.pdf"
    path.write_bytes(locked("secret", "secret"))
    monkeypatch.setattr("sys.argv", ["plan-atlas", "geoparse", str(path)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    said = capsys.readouterr().err.strip()
    assert "\n" not in said
    assert "encrypted; remove the password" in said


def test_html():
    page = (
        "<html><head><title>规划</title><style>p{}</style></head><body><p>太湖<b>新城</b></p><script>x</script></body>"
    )
    assert extract(page.encode(), name="plan.html") == "规划\n太湖新城"


def bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"\0" * 30_000_000)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "message"),
    [
        (b"", "plan.txt", "empty"),
        (b"\0\0\0", "plan.txt", "empty"),
        (bytes(range(256)) * 40, "plan.txt", "expected a text"),
        (b"abc", "plan.xyz", "expected a .txt"),
        (b"no document", "plan.docx", "expected a .docx"),
        (b"\xd0\xcf\x11\xe0rest", "plan.docx", "encrypted or in the old"),
        (b"no pdf", "plan.pdf", "damaged or no PDF"),
        (pdf(), "plan.pdf", "a scan"),
        (b"<p> </p>", "plan.html", "no text found"),
    ],
)
def test_bad_files_say_what_is_wrong(data, name, message):
    with pytest.raises(UnreadableTextError, match=message):
        extract(data, name=name)


def test_zip_bomb():
    with pytest.raises(UnreadableTextError, match="unpacks to"):
        extract(bomb(), name="plan.docx")


def test_size_limit(monkeypatch):
    monkeypatch.setattr(texts, "LARGEST_FILE", 1024 * 1024)
    with pytest.raises(UnreadableTextError, match="at most 1 MB"):
        extract(b"x" * (1024 * 1024 + 1), name="plan.txt")


@pytest.fixture
def plan_file(tmp_path):
    path = tmp_path / "plan.txt"
    path.write_text(TEXT, encoding="gb18030")
    return path


def run(*arguments):
    result = CliRunner().invoke(cli, ["geoparse", *map(str, arguments)], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_geoparse_jsonl(plan_file, tmp_path):
    rows = [json.loads(line) for line in run(plan_file, "--text-out", tmp_path / "text.txt").splitlines()]
    lines = (tmp_path / "text.txt").read_text(encoding="utf-8").split("\n")
    assert {row["name"] for row in rows} == {"甪直镇", "太湖"}
    for row in rows:
        assert lines[row["line"] - 1][row["start"] : row["end"]] == row["surface"]
    assert {"plan", "place_id", "aliases", "category", "resolution", "lon", "lat", "accuracy_m", "score", "reason"} <= {
        *rows[0]
    }


def test_geoparse_geojson(plan_file):
    collection = json.loads(run(plan_file, "--format", "geojson"))
    lon, lat = collection["features"][-1]["geometry"]["coordinates"]
    assert collection["type"] == "FeatureCollection"
    assert (119.9 < lon < 121.4, 30.7 < lat < 32.1) == (True, True)


def test_geoparse_csv(plan_file, tmp_path):
    run(plan_file, "--format", "csv", "--plan", "wuzhong-14fyp", "-o", tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert {row["plan"] for row in rows} == {"wuzhong-14fyp"}
    assert len(rows) == 40
