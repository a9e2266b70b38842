"""Devices as the station sees them, and a mock of each for practice and tests.

No real scanner has been tried: a driver gives a `FingerReader` of its own. What a mock takes says so
for ever (`Source.MOCK`), on the picture too.
"""

from __future__ import annotations

import base64
import hashlib
import io
import random
from collections.abc import Sequence
from typing import Protocol

from PIL import Image, ImageDraw, ImageOps

from hoaban.enrolment.rules.capture import FINGERS, Finger, Press, Source
from hoaban.kit import rules, settings

FACE_SIZE = (360, 480)  # 3 x 4, as on the card
FACE_QUALITY = 85
LARGEST_PIXELS = 50_000_000


class FingerReader(Protocol):
    """A scanner that takes a whole press at once."""

    source: Source

    def press(self, press: Press, without: Sequence[int]) -> tuple[Finger, ...]:
        """The fingers of a press, save those that can't be taken."""


class MockFingerReader:
    """Gives prints with made-up qualities, the same for the same seed; one press in five is poor."""

    source = Source.MOCK

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed)

    def press(self, press: Press, without: Sequence[int]) -> tuple[Finger, ...]:
        """The fingers of a press, save those that can't be taken."""
        is_poor = self._random.random() < 0.2
        return tuple(self._print(code, is_poor) for code in FINGERS[press] if code not in without)

    def _print(self, code: int, is_poor: bool) -> Finger:
        quality = self._random.randint(15, 39) if is_poor else self._random.randint(45, 95)
        return Finger(code, quality, 1, base64.b64encode(b"MOCK" + self._random.randbytes(60)).decode())


def may_mock() -> bool:
    """Whether the station's settings let a mock stand for a device."""
    return settings.HOABAN_KIT_DEVICES == "mock"


def finger_reader(seed: str) -> FingerReader:
    """The scanner to use. Raises NoScanner."""
    if not may_mock():
        raise rules.NoScanner
    return MockFingerReader(seed)


def mock_face(seed: str) -> bytes:
    """A drawn portrait (JPEG) in colours that belong to the seed, with MOCK across it."""
    shade = hashlib.sha256(seed.encode()).digest()
    picture = Image.new("RGB", FACE_SIZE, "white")
    draw = ImageDraw.Draw(picture)
    skin = (200 + shade[0] % 40, 160 + shade[1] % 40, 130 + shade[2] % 40)
    hair = (shade[3] % 60, shade[4] % 50, shade[5] % 50)
    draw.ellipse((40, 330, 320, 620), fill=(shade[6], shade[7] // 2, 120))
    draw.ellipse((95, 70, 265, 320), fill=hair)
    draw.ellipse((110, 110, 250, 330), fill=skin)
    for eye in (150, 210):
        draw.ellipse((eye - 9, 200, eye + 9, 212), fill="black")
    draw.arc((150, 240, 210, 285), 10, 170, fill=(140, 40, 40), width=4)
    draw.text((130, 440), "MOCK", fill="white", stroke_width=2, stroke_fill="black", font_size=40)
    return _jpeg(picture)


def portrait(content: bytes) -> bytes:
    """A picture from a camera or file as a 3 x 4 JPEG without anything hidden in it. Raises NotAPicture."""
    try:
        with Image.open(io.BytesIO(content), formats=["JPEG", "PNG", "WEBP"]) as picture:
            if picture.width * picture.height > LARGEST_PIXELS:
                raise rules.NotAPicture
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise rules.NotAPicture from error
    return _jpeg(ImageOps.fit(upright, FACE_SIZE, centering=(0.5, 0.35)))


def _jpeg(picture: Image.Image) -> bytes:
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=FACE_QUALITY, optimize=True)
    return written.getvalue()
