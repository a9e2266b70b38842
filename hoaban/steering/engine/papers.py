"""The official report on paper: DOCX by `data/documents/report.docx`, PDF by `data/documents/report.typ`.

Both get the same words of one `Report` and say nothing of their own.
"""

from __future__ import annotations

import io
import json
import tempfile
from dataclasses import asdict
from datetime import date
from functools import cache
from pathlib import Path

import typst
from docxtpl import DocxTemplate

from hoaban.steering.rules import Report

DATA = Path(__file__).parents[2] / "data"
DOCX_TEMPLATE = DATA / "documents" / "report.docx"
PDF_TEMPLATE = DATA / "documents" / "report.typ"


def docx(report: Report) -> bytes:
    """The report as a document that an office can go on writing in."""
    template = DocxTemplate(DOCX_TEMPLATE)
    template.render(asdict(report), autoescape=True)
    out = io.BytesIO()
    template.save(out)
    return out.getvalue()


def pdf(report: Report) -> bytes:
    """The report as it would be printed."""
    with tempfile.TemporaryDirectory(prefix="report-") as folder:
        (Path(folder) / "report.json").write_text(json.dumps(asdict(report), ensure_ascii=False), encoding="utf-8")
        compiler = typst.Compiler(root=folder, font_paths=_fonts())
        drawn = compiler.compile(PDF_TEMPLATE.read_bytes(), format="pdf")
    assert isinstance(drawn, bytes)
    return drawn


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, font_paths=[str(DATA / "fonts")])


def file_name(until: date, kind: str) -> str:
    """What the file of a week is called."""
    return f"bao-cao-de-an-06-{until:%Y-%m-%d}.{kind}"
