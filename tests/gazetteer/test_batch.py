"""Tables of names: read as people have them, geocoded without a guess, written without losing anything."""

import csv
import io
import time

import pytest

from gazetteer.batch import (
    ADDED,
    LARGEST_TABLE,
    MATCHES,
    UnreadableTableError,
    geocode_table,
    guard_cell,
    read_table,
    read_table_file,
    write_answers,
)

TEXT = "no,地名,name\n3,甪直镇,甲\n1,无此地方,乙\n2,吴中,丙\n"


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize(
    ("encoding", "told"),
    [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8 BOM"), ("gbk", "GB18030"), ("gb18030", "GB18030"), ("utf-16", "UTF-16")],
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_table_is_read_as_people_have_it(encoding, told, delimiter, end):
    table = read_table(TEXT.replace(",", delimiter).replace("\n", end).encode(encoding))
    assert table.columns == ("no", "地名", "name")
    assert [list(row) for row in table.rows] == [["3", "甪直镇", "甲"], ["1", "无此地方", "乙"], ["2", "吴中", "丙"]]
    assert (table.encoding, table.delimiter) == (told, delimiter)


def test_quoted_cells_hold_delimiters_line_breaks_and_quotes():
    table = read_table('地名;注\n"太湖;东";"一\n二"\n"甪直";"说""是"""\n')
    assert table.delimiter == ";"
    assert [list(row) for row in table.rows] == [["太湖;东", "一\n二"], ["甪直", '说"是"']]


def test_the_line_with_which_excel_names_the_delimiter_is_no_row():
    assert read_table("sep=;\r\na;b,c\r\n1;2,3\r\n").columns == ("a", "b,c")


def test_uneven_rows_lose_nothing():
    table = read_table("a,b\n1\n1,2,3\n\n4,5\n")
    assert table.columns == ("a", "b", "")
    assert [list(row) for row in table.rows] == [["1", "", ""], ["1", "2", "3"], ["4", "5", ""]]
    assert table.uneven == 2


def test_a_list_of_names_needs_no_header():
    table = read_table("甪直\n太湖\n某处\n")
    assert (table.has_header, len(table.rows)) == (False, 3)
    assert read_table("地名,2024,2025\n甪直,1,2\n").has_header
    assert read_table("甪直\n太湖\n", header=True).columns == ("甪直",)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b"\r\n \n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b",,\n1,2,3\n", "first row is blank"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)) * 50, "expected a t"),
        (b"PK\x03\x04" + b"\0\x01\x02" * 500, "expected a t"),
        (b"a,b\n\0\0,1\n", "other data"),
        (b'a,b\n"1,2\n' + b"3,4\n" * 100_000, "quotation mark"),
    ],
)
def test_bad_input_is_told_in_one_line(data, says):
    with pytest.raises(UnreadableTableError, match=says) as caught:
        read_table(data, name="f.csv")
    assert str(caught.value).startswith("f.csv: ")
    assert "\n" not in str(caught.value)


def test_a_huge_file_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "huge.csv"
    with path.open("wb") as stream:
        stream.truncate(200 << 20)
    with pytest.raises(UnreadableTableError, match=f"at most {LARGEST_TABLE >> 20} MB, got 200 MB"):
        read_table_file(path)


def test_a_column_is_found_by_its_name_or_told():
    table = read_table("a,b,b\n1,2,3\n")
    assert table.find_column("a") == 0
    with pytest.raises(UnreadableTableError, match="2 times"):
        table.find_column("b")
    with pytest.raises(UnreadableTableError, match="expected a column 'c', got a, b, b"):
        table.find_column("c")


def test_matches_tell_how_well_a_name_was_found():
    names = ["甪直镇", "甪直", "甪直鎮", "Luzhi", "luzhizhen", "无此地方", "", "=1+1"]
    answered = geocode_table(read_table("x\n" + "".join(f'"{name}"\n' for name in names), header=True), column=0)
    assert answered.matches == ("exact", "alias", "alias", "alias", "fuzzy", "unknown", "unknown", "unknown")
    assert answered.counts == dict.fromkeys(MATCHES, 0) | {"exact": 1, "alias": 3, "fuzzy": 1, "unknown": 3}
    for row, match in zip(rows_of(write_answers(answered)), answered.matches, strict=True):
        assert bool(row["place_id"]) == bool(row["lon"]) == (match != "unknown")


def test_a_plan_decides_what_a_bare_name_means():
    table = read_table("x\n高新区\n", header=True)
    meant = [
        geocode_table(table, column=0, plan=plan).answers[0].best.place.id for plan in ("wuzhong-14fyp", "snd-14fyp")
    ]
    assert meant[0] == "dev_zone/wuzhong-gaoxinqu" != meant[1]
    with pytest.raises(ValueError, match="got 'nope'"):
        geocode_table(table, column=0, plan="nope")


def test_answers_keep_columns_and_order_and_overwrite_nothing():
    answered = geocode_table(read_table(TEXT), column=1)
    written = rows_of(write_answers(answered))
    assert [(row["no"], row["地名"], row["name"]) for row in written] == [
        ("3", "甪直镇", "甲"), ("1", "无此地方", "乙"), ("2", "吴中", "丙"),
    ]  # fmt: skip
    assert [row["place_id"] for row in written] == ["town/luzhi", "", "county/wuzhong"]
    assert written[0]["atlas_name"] == "甪直镇"
    assert list(written[0])[3:] == ["atlas_name" if field == "name" else field for field in ADDED]
    doubtful = rows_of(write_answers(answered, only=["unknown"]))
    assert [row["no"] for row in doubtful] == ["1"]


def test_no_cell_becomes_a_formula_and_numbers_stay_numbers():
    table = read_table('"=cmd|x",v\n"=HYPERLINK(""http://x"")",-5\n@甪直,+1.5e3\n', header=True)
    header, first, second = csv.reader(io.StringIO(write_answers(geocode_table(table, column=0))))
    assert header[0] == "'=cmd|x"
    assert first[:2] == ['\'=HYPERLINK("http://x")', "-5"]
    assert second[:2] == ["'@甪直", "+1.5e3"]
    assert [guard_cell(value) for value in ("＝1", "\t=1", "-", "-1", 3.5, None)] == [
        "'＝1",
        "'\t=1",
        "'-",
        "-1",
        3.5,
        None,
    ]


def test_a_hundred_thousand_rows_take_seconds():
    text = "name\n" + "".join(f"甪直镇{i % 30_000}\n太湖\n" for i in range(50_000))
    told = []
    began = time.process_time()
    answered = geocode_table(read_table(text), column=0, progress=told.append)
    assert len(rows_of(write_answers(answered))) == 100_000
    assert time.process_time() - began < 20
    assert told == list(range(0, 100_000, 5_000))
    assert answered.counts["unknown"] == 50_000
