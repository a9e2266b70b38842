"""A card's content and a face for tests, without a database."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

from PIL import Image, ImageDraw

from hoaban.base.partial_date import PartialDate
from hoaban.cards.rules import CardContent

AT = dt.datetime(2026, 11, 24, 2, 0, tzinfo=dt.UTC)


def content(**changes: Any) -> CardContent:
    """A woman of Nam Khan who is 41, and whatever is changed."""
    facts: dict[str, Any] = {
        "serial": "K7MWPQ-1",
        "code": "K7MWPQ",
        "number": "011185001234",
        "old_number": "040123456",
        "full_name": "L\u00f2 Th\u1ecb \u01af\u1edbc",
        "born": PartialDate(1985, 3, 7),
        "sex": "F",
        "sex_word": "N\u1eef",
        "nationality": "Vi\u1ec7t Nam",
        "ethnicity": "Th\u00e1i",
        "religion": "Kh\u00f4ng",
        "origin": "N\u1eadm Kh\u0103n",
        "birth_place": "N\u1eadm Kh\u0103n, \u0110i\u1ec7n Bi\u00ean",
        "residence": "B\u1ea3n N\u1eadm Kh\u0103n, x\u00e3 N\u1eadm Kh\u0103n",
        "father": "L\u00f2 V\u0103n A",
        "mother": "",
        "spouse": "",
        "issued_on": dt.date(2026, 11, 24),
        "expires_on": dt.date(2045, 3, 7),
        "expiry_words": "07/03/2045",
        "simulated": True,
    }
    return CardContent(**(facts | changes))


def face(form: str = "JPEG", size: tuple[int, int] = (480, 640)) -> bytes:
    """A picture with an oval in it."""
    picture = Image.new("RGB", size, "#cfd8dc")
    ImageDraw.Draw(picture).ellipse((size[0] // 4, size[1] // 4, size[0] * 3 // 4, size[1] * 3 // 4), fill="#e0b090")
    out = io.BytesIO()
    picture.save(out, form)
    return out.getvalue()
