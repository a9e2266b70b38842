"""The two faces of a card as PDF or pictures, drawn by Typst from `data/documents/card.typ`.

A neutral design of our own in the order of the law's fields (Circular 16/2024), marked as a specimen
across both faces: it shows what would be printed and can be taken for no real card.
"""

from __future__ import annotations

import io
import json
import tempfile
from functools import cache
from pathlib import Path
from typing import Literal

import segno
import typst

from hoaban.cards.engine import mrz, qr
from hoaban.cards.rules import CardContent

TEMPLATE = Path(__file__).parents[2] / "data" / "documents" / "card.typ"
FONTS = Path(__file__).parents[2] / "data" / "fonts"
_ROOM_FOR_NAME = 22  # letters of 8 pt on the line of the name


def pdf(content: CardContent, photo_jpeg: bytes) -> bytes:
    """Front and back, one page each, in the size of the card (85.6 x 53.98 mm)."""
    pages = _drawn(content, photo_jpeg, "pdf")
    return pages[0]


def pictures(content: CardContent, photo_jpeg: bytes) -> tuple[bytes, bytes]:
    """Front and back as PNG, for a screen."""
    front, back = _drawn(content, photo_jpeg, "png")
    return front, back


def qr_text(content: CardContent) -> str:
    """The text in the QR code of this card."""
    return str(
        qr.write(
            number=content.number,
            old_number=content.old_number,
            full_name=content.full_name,
            born=content.born,
            sex=content.sex_word,
            residence=content.residence,
            issued_on=content.issued_on,
        )
    )


def _drawn(content: CardContent, photo_jpeg: bytes, form: Literal["pdf", "png"]) -> list[bytes]:
    with tempfile.TemporaryDirectory(prefix="card-") as folder:
        root = Path(folder)
        (root / "photo.jpg").write_bytes(photo_jpeg)
        (root / "qr.svg").write_bytes(_qr_svg(content))
        (root / "card.json").write_text(json.dumps(_texts(content)), encoding="utf-8")
        compiler = typst.Compiler(root=root, font_paths=_fonts())
        drawn = compiler.compile(TEMPLATE.read_bytes(), format=form, ppi=160) or []
    return [drawn] if isinstance(drawn, bytes) else drawn


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, font_paths=[str(FONTS)])


def _qr_svg(content: CardContent) -> bytes:
    out = io.BytesIO()
    segno.make(qr_text(content), error="m").save(out, kind="svg", border=2, light="white")
    return out.getvalue()


def _texts(content: CardContent) -> dict[str, object]:
    lines = mrz.zone(
        number=content.number,
        full_name=content.full_name,
        born=content.born,
        sex=content.sex,
        expires_on=content.expires_on,
    )
    longest = max(len(content.full_name), _ROOM_FOR_NAME)
    return {
        "serial": content.serial,
        "code": content.code,
        "number": content.number,
        "full_name": content.full_name.upper(),
        "name_size": 8 * _ROOM_FOR_NAME / longest,
        "born": content.born.vietnamese(),
        "sex": content.sex_word,
        "nationality": content.nationality,
        "residence": content.residence,
        "birth_place": content.birth_place,
        "issued_on": f"{content.issued_on:%d/%m/%Y}",
        "expires_on": content.expiry_words,
        "mrz": lines,
        "simulated": content.simulated,
    }
