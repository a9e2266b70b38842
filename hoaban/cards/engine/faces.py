"""The two faces of a card as PDF or pictures, drawn by Typst from `data/documents/card.typ`.

A neutral design of our own in the order of the law's fields (Circular 16/2024), marked as a specimen
across both faces: it shows what would be printed and can be taken for no real card.
"""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

import segno
import typst

from hoaban.cards.engine import mrz, qr
from hoaban.cards.rules import CardContent

TEMPLATE = Path(__file__).parents[2] / "data" / "documents" / "card.typ"
FONTS = Path(__file__).parents[2] / "data" / "fonts"
SOURCES = ("card.json", "qr.svg")
_ROOM_FOR_NAME = 22  # letters of 8 pt on the line of the name


def sources(content: CardContent) -> dict[str, bytes]:
    """What the template draws beside the photo, as files: kept, they redraw the card as it was made."""
    return {
        "card.json": json.dumps(_texts(content), ensure_ascii=False).encode(),
        "qr.svg": _qr_svg(content),
    }


def pdf(drawn_from: Mapping[str, bytes], photo_jpeg: bytes) -> bytes:
    """Front and back, one page each, in the size of the card (85.6 x 53.98 mm)."""
    return _drawn(drawn_from, photo_jpeg, "pdf")[0]


def pictures(drawn_from: Mapping[str, bytes], photo_jpeg: bytes) -> tuple[bytes, bytes]:
    """Front and back as PNG, for a screen."""
    front, back = _drawn(drawn_from, photo_jpeg, "png")
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


def _drawn(drawn_from: Mapping[str, bytes], photo_jpeg: bytes, form: Literal["pdf", "png"]) -> list[bytes]:
    with tempfile.TemporaryDirectory(prefix="card-") as folder:
        root = Path(folder)
        for name, content in {**drawn_from, "photo.jpg": photo_jpeg}.items():
            (root / name).write_bytes(content)
        compiler = typst.Compiler(root=root, font_paths=_fonts())
        drawn = compiler.compile(TEMPLATE.read_bytes(), format=form, ppi=110) or []
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
