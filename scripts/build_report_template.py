"""Build the DOCX template of the official report, laid out by Decree 30/2020/ND-CP, annex I.

    python scripts/build_report_template.py

Every word is a placeholder filled by `hoaban/steering/engine/papers.py`; only the number of the table's
columns is taken from the indicators. The result is committed; run it again after changing those.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from hoaban.steering.rules import INDICATORS

TEMPLATE = Path(__file__).resolve().parent.parent / "hoaban/data/documents/report.docx"
FACE = "Times New Roman"
COLUMNS = len(INDICATORS) + 3  # the place in the list, the commune, the share with a card
TEXT_MM = 210 - 30 - 20


def write(paragraph: Any, words: str, size: float = 14, *, bold: bool = False, italic: bool = False) -> Any:
    """Words in the official face."""
    run = paragraph.add_run(words)
    run.font.name, run.font.size, run.bold, run.italic = FACE, Pt(size), bold, italic
    run._element.rPr.rFonts.set(qn("w:eastAsia"), FACE)
    return run


def centred(
    where: Any, words: str, size: float, *, bold: bool = False, italic: bool = False, first: bool = False
) -> Any:
    """A centred line, in the paragraph that is there already or in a new one."""
    paragraph = where.paragraphs[0] if first else where.add_paragraph()
    paragraph.alignment = ALIGN.CENTER
    paragraph.paragraph_format.space_after = Pt(0)
    write(paragraph, words, size, bold=bold, italic=italic)
    return paragraph


def ruled(where: Any, indent_mm: float) -> None:
    """The line under a heading, shorter than the column by its indents."""
    paragraph = where.add_paragraph()
    form = paragraph.paragraph_format
    form.left_indent = form.right_indent = Mm(indent_mm)
    form.space_before = form.space_after = Pt(0)
    form.line_spacing = Pt(4)
    borders, top = OxmlElement("w:pBdr"), OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        top.set(qn(f"w:{name}"), value)
    borders.append(top)
    paragraph._p.get_or_add_pPr().append(borders)


def body(document: Any, words: str, size: float = 14, *, bold: bool = False) -> Any:
    """A paragraph of the text: justified, first line 10 mm in, 6 pt apart."""
    paragraph = document.add_paragraph()
    paragraph.alignment = ALIGN.JUSTIFY
    form = paragraph.paragraph_format
    form.first_line_indent, form.space_after, form.line_spacing = Mm(10), Pt(6), 1.15
    form.keep_with_next = bold
    write(paragraph, words, size, bold=bold)
    return paragraph


def each(document: Any, name: str, size: float = 14) -> None:
    """A paragraph for each line of a list."""
    document.add_paragraph("{%p for words in " + name + " %}")
    body(document, "{{ words }}", size)
    document.add_paragraph("{%p endfor %}")


def when(document: Any, name: str) -> None:
    """A paragraph only where there is something to say."""
    document.add_paragraph("{%p if " + name + " %}")
    body(document, "{{ " + name + " }}")
    document.add_paragraph("{%p endif %}")


def number_pages(section: Any) -> None:
    """The page number centred at the top, on every page but the first."""
    section.different_first_page_header_footer = True
    section.header_distance = Mm(10)
    paragraph = section.header.paragraphs[0]
    paragraph.alignment = ALIGN.CENTER
    run = write(paragraph, "", 13)
    for kind, words in (("begin", ""), ("", "PAGE"), ("end", "")):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = words
        run._element.append(element)


def top(document: Any) -> None:
    """Who writes on the left, the nation on the right; number and date below."""
    table = document.add_table(rows=2, cols=2)
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for row in table.rows:
        row.cells[0].width, row.cells[1].width = Mm(68), Mm(TEXT_MM - 68)
    left, right = table.rows[0].cells
    centred(left, "{{ superior }}", 12, first=True)
    centred(left, "{{ body }}", 12, bold=True)
    ruled(left, 22)
    centred(right, "{{ nation }}", 12, bold=True, first=True)
    centred(right, "{{ motto }}", 13, bold=True)
    ruled(right, 18)
    centred(table.rows[1].cells[0], "{{ number }}", 13, first=True)
    centred(table.rows[1].cells[1], "{{ place_and_day }}", 13, italic=True, first=True)


def figures(document: Any) -> None:
    """The table by commune: one row of the template is repeated."""
    table = document.add_table(rows=4, cols=COLUMNS)
    table.style, table.autofit = "Table Grid", False
    widths = [8, 34, *[(TEXT_MM - 42) / (COLUMNS - 2)] * (COLUMNS - 2)]
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)
    head = table.rows[0]._tr.get_or_add_trPr()
    head.append(OxmlElement("w:tblHeader"))
    for at in range(COLUMNS):
        small(table.rows[0].cells[at], "{{ heads[" + str(at) + "] }}", ALIGN.CENTER, bold=True)
        side = ALIGN.LEFT if at == 1 else ALIGN.CENTER if at == 0 else ALIGN.RIGHT
        small(table.rows[2].cells[at], "{{ row[" + str(at) + "] }}", side)
    small(table.rows[1].cells[0], "{%tr for row in rows %}", ALIGN.LEFT)
    small(table.rows[3].cells[0], "{%tr endfor %}", ALIGN.LEFT)


def small(where: Any, words: str, side: Any, *, bold: bool = False) -> None:
    """A cell of the table in small letters."""
    paragraph = where.paragraphs[0]
    paragraph.alignment = side
    paragraph.paragraph_format.space_after = Pt(0)
    write(paragraph, words, 10, bold=bold)


def bottom(document: Any) -> None:
    """The receivers on the left, the signature on the right."""
    table = document.add_table(rows=1, cols=2)
    left, right = table.rows[0].cells
    write(left.paragraphs[0], "{{ receivers_head }}", 12, bold=True, italic=True)
    left.add_paragraph("{%p for words in receivers %}")
    line = left.add_paragraph()
    line.paragraph_format.space_after = Pt(0)
    write(line, "{{ words }}", 11)
    left.add_paragraph("{%p endfor %}")
    centred(right, "{{ on_behalf }}", 14, bold=True, first=True)
    centred(right, "{{ signs }}", 14, bold=True)


def main() -> None:
    """Write the template."""
    document = Document()
    document.core_properties.author, document.core_properties.title = "Hoa Ban", ""
    section = document.sections[0]
    section.start_type = WD_SECTION.NEW_PAGE
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(20), Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(20)
    style = document.styles["Normal"]
    style.font.name, style.font.size = FACE, Pt(14)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FACE)
    number_pages(section)
    top(document)
    title = centred(document, "{{ kind }}", 14, bold=True)
    title.paragraph_format.space_before = Pt(14)
    centred(document, "{{ subject }}", 14, bold=True)
    ruled(document, 60)
    document.add_paragraph("{%p if practice %}")
    centred(document, "{{ practice }}", 12, bold=True)
    document.add_paragraph("{%p endif %}")
    body(document, "{{ intro }}").paragraph_format.space_before = Pt(6)
    body(document, "{{ results_head }}", bold=True)
    each(document, "results")
    body(document, "{{ table_head }}", bold=True)
    figures(document)
    when(document, "untouched")
    body(document, "{{ help_head }}", bold=True).paragraph_format.space_before = Pt(8)
    body(document, "{{ help_first }}")
    body(document, "{{ notes_head }}", bold=True)
    each(document, "notes", 12)
    bottom(document)
    document.save(str(TEMPLATE))


if __name__ == "__main__":
    main()
