"""A closed day stays as it was, and the report says the same in both its forms."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
from pathlib import Path

import pypdf
import pytest
from docx import Document
from docx.shared import Mm
from typer.testing import CliRunner

from hoaban.audit import queries as audit
from hoaban.base import clock
from hoaban.base.clock import now, today
from hoaban.base.errors import NotAllowed
from hoaban.steering import actions, queries, rules
from hoaban.steering.commands import app
from hoaban.steering.engine import papers
from hoaban.steering.models import ClosedFigure
from hoaban.steering.rules import Report
from hoaban.web.actor import acting_as
from tests import make
from tests.steering import world

pytestmark = pytest.mark.usefixtures("db")


def words_of(content: bytes) -> str:
    """All the words of a document, one blank between them."""
    if content[:4] == b"%PDF":
        pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages]
        return re.sub(r"\s+", "", "".join(pages))
    document = Document(io.BytesIO(content))
    parts = [paragraph.text for paragraph in document.paragraphs]
    parts += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return re.sub(r"\s+", "", "".join(parts))


def said(report: Report) -> list[str]:
    """Everything that the report says, without blanks."""
    alone = [report.superior, report.body, report.nation, report.motto, report.place_and_day, report.subject,
             report.practice, report.intro, report.help_first, report.untouched, report.signs]  # fmt: skip
    cells = [cell for row in report.rows for cell in row]
    everything = [*alone, *report.results, *report.heads, *cells, *report.notes, *report.receivers]
    return [re.sub(r"\s+", "", words) for words in everything]


def test_both_forms_of_the_report_say_the_same_words_and_figures() -> None:
    world.people()
    actions.close_day(by=make.MAKER, at=now())

    report = queries.report(today(), make.MAKER)

    for content in (papers.docx(report), papers.pdf(report)):
        words = words_of(content)
        missing = [one for one in said(report) if one not in words]
        assert missing == []
        assert "{{" not in words


def test_the_document_is_laid_out_as_the_decree_asks() -> None:
    world.few()
    actions.close_day(by=make.MAKER, at=now())
    report = queries.report(today(), make.MAKER)

    [section] = Document(io.BytesIO(papers.docx(report))).sections
    page = pypdf.PdfReader(io.BytesIO(papers.pdf(report))).pages[0]

    sides = [section.page_width, section.page_height]
    margins = [section.top_margin, section.bottom_margin, section.left_margin, section.right_margin]
    assert [round((side or 0) / Mm(1)) for side in sides] == [210, 297]
    assert [round((margin or 0) / Mm(1)) for margin in margins] == [20, 20, 30, 20]
    assert section.different_first_page_header_footer
    assert "PAGE" in section.header.paragraphs[0]._p.xml
    assert [round(float(side) / 72 * 25.4) for side in page.mediabox[2:]] == [210, 297]
    fonts: set[str] = set()
    page.extract_text(visitor_text=lambda *said: fonts.add(str(said[3] and said[3]["/BaseFont"])))
    assert {font for font in fonts if "Tinos" not in font} <= {"None"}


def test_a_closed_day_reads_the_same_when_more_people_have_come() -> None:
    world.few()
    first = actions.close_day(by=make.MAKER, at=now())
    before = queries.report(today(), make.MAKER)
    make.person("Lo Thi Sau", born="1990")

    second = actions.close_day(by=make.MAKER, at=now())

    assert second == first
    assert queries.report(today(), make.MAKER) == before
    assert ClosedFigure.objects.filter(closing=first).count() == 2 * len(rules.INDICATORS)
    [entry] = audit.about(f"steering.Closing:{today()}")
    assert entry.facts["counted"] == 4


def test_a_week_later_the_report_says_what_has_been_added() -> None:
    world.few()
    actions.close_day(by=make.MAKER, at=now())
    with clock.travel(now() + dt.timedelta(days=7)):
        make.person("Lo Thi Sau", born="1990")
        actions.close_day(by=make.MAKER, at=now())

        report = queries.report(today(), make.MAKER)

    earlier = f"{today():%d/%m/%Y}"
    assert all(earlier in one for one in report.results)
    assert " 1 " in report.results[0].split(earlier)[0].rsplit(",", 1)[1]


def test_a_day_nobody_closed_has_no_report() -> None:
    with pytest.raises(rules.NotClosed):
        queries.report(today(), make.MAKER)


def test_only_who_sees_every_commune_can_close_a_day_and_not_an_empty_one() -> None:
    with pytest.raises(rules.OnlyTheProvince):
        actions.close_day(by=make.actor("province_officer"), at=now())
    with pytest.raises(NotAllowed):
        actions.close_day(by=make.actor("commune_officer"), at=now())
    with pytest.raises(rules.NobodyCounted):
        actions.close_day(by=make.MAKER, at=now())


def test_an_officer_of_one_commune_reports_that_commune() -> None:
    world.few()
    actions.close_day(by=make.MAKER, at=now())
    officer = make.actor("province_officer", make.NAM_TIN)

    with acting_as(officer):
        report = queries.report(today(), officer)

    assert len(report.rows) == 2  # Nam Tin and the sum


def test_the_command_closes_today_and_writes_both_files(tmp_path: Path) -> None:
    world.few()

    done = CliRunner().invoke(app, ["report", "--until", str(today()), "--out", str(tmp_path), "--json"])

    assert done.exit_code == 0, done.output
    files = json.loads(done.output)["files"]
    assert [Path(file).suffix for file in files] == [".docx", ".pdf"]
    assert all(Path(file).stat().st_size > 5000 for file in files)
