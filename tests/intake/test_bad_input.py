"""Files as they really come: read, or refused whole with one clear message; nothing is half-loaded."""

from __future__ import annotations

import csv
import datetime as dt
import io
import unicodedata
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from django.utils.translation import override

from hoaban.base import dc01, tables, workbooks
from hoaban.base.clock import now
from hoaban.base.dc01.filling import sheet_words
from hoaban.base.errors import Refusal
from hoaban.intake import actions, queries, rules
from hoaban.intake.models import Batch, Finding, FormRow
from hoaban.people.models import Person
from hoaban.places import actions as places
from tests import make
from tests.intake.forms import form, unnumbered, write_csv

pytestmark = pytest.mark.django_db
HEADERS = sheet_words().headers


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.HOABAN_FILES = tmp_path / "files"


def load(path: Path, **more: Any) -> Any:
    return queries.batch(actions.load(path=path, by=make.MAKER, at=now(), **more).pk)


def text_of(rows: Sequence[dict[str, str]], separator: str = ",", names: dict[str, str] | None = None) -> str:
    out = io.StringIO()
    columns = list(rows[0])
    lines = csv.writer(out, delimiter=separator)
    lines.writerow([(names or {}).get(column, column) for column in columns])
    lines.writerows([row[column] for column in columns] for row in rows)
    return out.getvalue()


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_any_separator_and_every_unicode_is_read(tmp_path: Path, separator: str, encoding: str) -> None:
    one = unnumbered()
    (tmp_path / "f.csv").write_bytes(text_of([one], separator).encode(encoding))

    batch = load(tmp_path / "f.csv")

    assert (batch.accepted + batch.questioned, batch.returned) == (1, 0)
    assert queries.form(one["form_serial"]).values == one


def test_vietnamese_headers_in_any_order_with_more_columns_are_known(tmp_path: Path) -> None:
    one = dict(reversed(unnumbered().items())) | {"Ghi": "x", "_y": "z"}
    (tmp_path / "f.csv").write_text(text_of([one], ";", dict(HEADERS)), encoding="utf-8-sig")

    batch = load(tmp_path / "f.csv")

    assert batch.accepted + batch.questioned == 1
    written = FormRow.objects.get().written
    assert (written["Ghi"], written["y"]) == ("x", "z")


def test_forms_without_their_commune_take_the_one_that_is_told(tmp_path: Path) -> None:
    one = {name: text for name, text in unnumbered().items() if name not in ("commune_code", "province_code")}

    batch = load(write_csv(tmp_path / "f.csv", one), commune="03174")

    assert batch.accepted + batch.questioned == 1
    assert Person.objects.get().commune_code == "03174"


def test_letters_taken_apart_are_put_together(tmp_path: Path) -> None:
    one = unnumbered(full_name="L\u00d2 PAO M\u1eb8O")
    apart = {name: unicodedata.normalize("NFD", text) for name, text in one.items()}

    load(write_csv(tmp_path / "f.csv", apart))

    assert Person.objects.get().full_name == "L\u00f2 Pao M\u1eb9o"


def test_nul_bytes_are_kept_in_the_file_and_harm_nobody(tmp_path: Path) -> None:
    batch = load(write_csv(tmp_path / "f.csv", unnumbered(officer="a\x00b")))

    assert batch.accepted + batch.questioned == 1
    assert FormRow.objects.get().written["officer"] == "a\ufffdb"


def test_tcvn3_in_a_cell_is_named_and_its_unicode_proposed(tmp_path: Path) -> None:
    batch = load(write_csv(tmp_path / "f.csv", unnumbered(full_name="l\u00df pao m\u00b8y")))

    finding = Finding.objects.get(code="legacy_font")
    assert batch.returned == 1
    assert "TCVN3" in queries.said(finding.code, finding.value)
    assert finding.proposal == "L\u00d2 PAO M\u00c1Y"


def _csv(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def _xlsx(path: Path, change: Callable[[Any, Any], object] = lambda book, sheet: None, rows: int = 2) -> Path:
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("DC01")
    for line, row in enumerate([dict(zip(dc01.COLUMNS, dc01.COLUMNS, strict=True)), *(form() for _ in range(rows))]):
        for at, column in enumerate(dc01.COLUMNS):
            sheet.write_string(line, at, row[column])
    change(book, sheet)
    book.close()
    return path


def _bomb(path: Path) -> Path:
    with zipfile.ZipFile(_xlsx(path), "a", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/media/x.xml", b"0" * (64 * 1024**2))
    return path


def _in_font(text: str) -> bytes:
    return (
        text.replace("\u0110", "\u00a7").replace("SUNG", "S\u00d7NG \u00b8\u00b5\u00b6\u00b7\u00b9").encode("latin-1")
    )


MANY = b"\n".join([",".join(dc01.COLUMNS).encode(), *[b","] * (rules.MOST_ROWS * 2 + 2)])
PLAIN = {name: text.encode("ascii", "ignore").decode() for name, text in form().items()}
MARKED = {"full_name": "a\u0323 o\u0309 \u0111"}
REFUSED: list[tuple[str, Callable[[Path], Path], type[Refusal], str]] = [
    ("windows-1258", lambda p: _csv(p / "f.csv", text_of([PLAIN | MARKED]).encode("cp1258")), tables.OtherEncoding,
     "Windows-1258"),
    ("tcvn3", lambda p: _csv(p / "f.csv", _in_font(text_of([PLAIN]))), tables.OtherEncoding, "TCVN3"),
    ("wrong header", lambda p: _csv(p / "f.csv", b"a,b\n1,2\n"), rules.ColumnsMissing, "full_name"),
    ("a pdf", lambda p: _csv(p / "f.xlsx", b"%PDF-1.7 ..."), tables.OtherFile, "PDF"),
    ("old excel", lambda p: _csv(p / "f.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 .."), tables.OtherFile, "Excel"),
    ("half a workbook", lambda p: _csv(p / "f.xlsx", b"PK\x03\x04 broken"), tables.UnreadableTable, "XLSX"),
    ("merged cells", lambda p: _xlsx(p / "f.xlsx", lambda b, s: s.merge_range("C2:C3", "x")),
     workbooks.MergedCells, "C2"),
    ("formulas", lambda p: _xlsx(p / "f.xlsx", lambda b, s: s.write_formula("D3", "=1+1")),
     workbooks.ComputedCells, "D3"),
    ("bomb", lambda p: _bomb(p / "f.xlsx"), workbooks.TableTooLarge, "too many cells"),
    ("2 million rows", lambda p: _csv(p / "f.csv", MANY), tables.TooManyRows, "2000001"),
    ("300 columns", lambda p: write_csv(p / "f.csv", form() | {f"more{n}": "" for n in range(267)}),
     rules.TooManyColumns, "300"),
    ("nothing", lambda p: _csv(p / "f.csv", b""), tables.UnreadableTable, "f.csv"),
    ("a header alone", lambda p: _xlsx(p / "f.xlsx", rows=0), rules.NothingInside, "f.xlsx"),
    ("a row too long", lambda p: _csv(p / "f.csv", text_of([form()]).encode() + b"x," * 40 + b"\n"), tables.UnevenRow,
     "Line 3"),
    ("a column twice", lambda p: _csv(p / "f.csv", b"dob," + text_of([form()]).replace("\n", "\n1,", 1).encode()),
     tables.ColumnTwice, "dob"),
    ("a field twice", lambda p: write_csv(p / "f.csv", form() | {"full name": "x"}), rules.ColumnTwice, "full_name"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("make_file", "refusal", "word"), [one[1:] for one in REFUSED], ids=[one[0] for one in REFUSED]
)
def test_what_cant_be_read_rightly_is_refused_with_one_clear_message(
    tmp_path: Path, make_file: Callable[[Path], Path], refusal: type[Refusal], word: str
) -> None:
    with override("en"), pytest.raises(refusal) as no:
        actions.load(path=make_file(tmp_path), by=make.MAKER, at=now())

    with override("en"):
        assert word in str(no.value)
        assert queries.refusal_in_words(Batch.objects.get()) == str(no.value)
    assert not FormRow.objects.exists()


def test_titles_above_the_header_and_hidden_sheets_are_passed_over(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    hidden = book.active
    assert hidden is not None
    hidden.title, hidden.sheet_state = "old", "hidden"
    hidden.append(list(dc01.COLUMNS))
    hidden.append(list(form(form_serial="SYN-HIDDEN").values()))
    sheet = book.create_sheet("DC01")
    sheet.append(["DC01"])
    sheet.merge_cells("A1:F1")
    sheet.append([])
    one = unnumbered()
    sheet.append(list(one))
    sheet.append(list(one.values()))
    book.save(tmp_path / "f.xlsx")

    batch = load(tmp_path / "f.xlsx")

    assert batch.accepted + batch.questioned == 1
    assert [row.serial for row in FormRow.objects.all()] == [one["form_serial"]]


def test_dates_of_a_spreadsheet_are_dates(tmp_path: Path) -> None:
    def with_date(book: Any, sheet: Any) -> None:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_datetime(1, dc01.COLUMNS.index("dob"), dt.date(1958, 3, 7), day)

    load(_xlsx(tmp_path / "f.xlsx", with_date, rows=1))

    assert Person.objects.get().born == "1958-03-07"


def test_cells_that_look_like_formulas_are_never_formulas_in_what_we_write(tmp_path: Path) -> None:
    evil = unnumbered(dob='=HYPERLINK("http://x")', officer="@SUM(1)", cur_address="+1")

    batch = load(write_csv(tmp_path / "f.csv", evil))

    book = openpyxl.load_workbook(io.BytesIO(queries.returned_workbook(batch.pk)))
    assert {cell.data_type for row in book["DC01"].iter_rows() for cell in row} <= {"s", "n"}
    found = [[queries.harmless(cell) for cell in row] for row in queries.all_findings(batch.pk)]
    assert any(cell.startswith("'=HYPERLINK") for row in found for cell in row)
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in found for cell in row)


def test_a_code_that_was_used_again_means_the_unit_of_the_day_and_stays_as_it_was_written(tmp_path: Path) -> None:
    places.reform(by=make.MAKER, at=now())
    before, after = unnumbered(commune_code="03158", village=""), unnumbered(commune_code="03158", village="")

    load(write_csv(tmp_path / "f.csv", before, after | {"filled_on": "02/07/2025"}))

    rows = FormRow.objects.order_by("line")
    assert [row.commune_code for row in rows] == ["03158", "03158-2025"]
    assert {row.written["commune_code"] for row in rows} == {"03158"}
    assert sorted(Person.objects.values_list("commune_code", flat=True)) == ["03158", "03158-2025"]
