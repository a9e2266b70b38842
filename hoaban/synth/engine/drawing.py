"""Drawing a filled form: an A4 sheet with printed labels, handwriting, a little skew, sometimes a stain.

A drawing shows what stands on the paper, which isn't always what was typed. It depends on the row
alone: the form's serial chooses the hand, the skew and the stains.
"""

from __future__ import annotations

import zlib
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from hoaban.base.dc01 import paper as paper_print
from hoaban.base.dc01.paper import HEIGHT_MM, WIDTH_MM, Item
from hoaban.synth.engine import facts
from hoaban.synth.engine.facts import Random

DOTS_PER_MM = 110 / 25.4
SIZE = (round(WIDTH_MM * DOTS_PER_MM), round(HEIGHT_MM * DOTS_PER_MM))
GREYS = 16
PAPER, PRINT, RULE = 250, 60, 150
LABEL_MM, TITLE_MM, SMALL_MM = 4.0, 6.0, 3.0
HAND_MM = 6.0
SMALLEST_HAND_MM = 2.6
DATE_GAPS = (2, 4)  # a date's cells stand as dd mm yyyy
STAINS = 6


@cache
def items() -> tuple[Item, ...]:
    """The print's layout, in dots."""
    return tuple(
        replace(one, **{side: getattr(one, side) * DOTS_PER_MM for side in "xywh"}) for one in paper_print.items()
    )


def draw(paper: dict[str, str], folder: Path) -> Path:
    """Draw what stands on a paper form and save it as `<serial>.png` in the folder."""
    serial = paper["form_serial"]
    rng = np.random.default_rng(zlib.crc32(serial.encode()))
    sheet = _blank().copy()
    _fill(ImageDraw.Draw(sheet), paper, rng)
    if rng.random() < facts.assumed("stain_share"):
        _stain(sheet, rng)
    most = facts.assumed("largest_skew_degrees")
    skewed = sheet.rotate(float(rng.uniform(-most, most)), resample=Image.Resampling.BILINEAR, fillcolor=PAPER)
    path = folder / f"{serial}.png"
    few = skewed.point([value * GREYS // 256 for value in range(256)])
    few.putpalette([shade for grey in range(GREYS) for shade in [grey * 255 // (GREYS - 1)] * 3])
    few.save(path, bits=4, compress_type=zlib.Z_RLE)  # half the time and no bigger
    return path


@cache
def _font(name: str, dots: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(facts.DATA / "fonts" / f"form-{name}.ttf", dots)


def _dots(millimetres: float) -> int:
    return round(millimetres * DOTS_PER_MM)


@cache
def _blank() -> Image.Image:
    """The empty print."""
    sheet = Image.new("L", SIZE, PAPER)
    pen = ImageDraw.Draw(sheet)
    sizes = {"label": LABEL_MM, "title": TITLE_MM, "small": SMALL_MM, "tick": LABEL_MM}
    for item in items():
        font = _font("print", _dots(sizes.get(item.what, LABEL_MM)))
        if item.what == "title":
            middle = (item.x + item.w / 2, item.y + item.h / 2)
            pen.text(middle, item.text, font=font, fill=PRINT, anchor="mm")
        elif item.what in ("label", "small"):
            pen.text((item.x, item.y + item.h / 2), item.text, font=font, fill=PRINT, anchor="lm")
        elif item.what == "tick":
            pen.rectangle(_tick_box(item), outline=PRINT)
            start = item.x + item.h
            pen.text((start, item.y + item.h / 2), item.text, font=font, fill=PRINT, anchor="lm")
        elif item.what == "line":
            base = item.y + item.h * 0.85
            pen.line([(item.x, base), (item.x + item.w, base)], fill=RULE)
        elif item.cells:
            for left in _cell_lefts(item):
                pen.rectangle([left, item.y, left + _cell_width(item), item.y + item.h], outline=RULE)
    return sheet


def _tick_box(item: Item) -> list[float]:
    side = item.h * 0.7
    top = item.y + (item.h - side) / 2
    return [item.x, top, item.x + side, top + side]


def _cell_width(item: Item) -> float:
    gaps = len(DATE_GAPS) if item.what == "date" else 0
    return item.w / (item.cells + gaps / 2)


def _cell_lefts(item: Item) -> list[float]:
    """Where each cell begins; a date has half a cell's room after day and month."""
    width = _cell_width(item)
    gaps = DATE_GAPS if item.what == "date" else ()
    return [item.x + width * (n + sum(n >= gap for gap in gaps) / 2) for n in range(item.cells)]


def _fill(pen: ImageDraw.ImageDraw, paper: dict[str, str], rng: Random) -> None:
    """Write every value where it belongs, all in one hand."""
    ink, scale = int(rng.integers(20, 95)), float(rng.uniform(0.94, 1.06))
    for item in items():
        text = paper.get(item.field, "")
        if item.what == "sign":
            _sign(pen, item, ink, rng)
        elif not text:
            continue
        elif item.what == "print":
            font = _font("print", _dots(LABEL_MM))
            pen.text((item.x, item.y + item.h / 2), text, font=font, fill=PRINT, anchor="lm")
        elif item.what == "line":
            _write_line(pen, item, text, ink, scale, rng)
        elif item.what == "tick":
            if text == item.text:
                left, top, right, bottom = (v + float(rng.uniform(-2, 2)) for v in _tick_box(item))
                pen.line([(left, top), (right, bottom)], fill=ink, width=3)
                pen.line([(left, bottom), (right, top)], fill=ink, width=3)
        else:
            _write_cells(pen, item, text, ink, scale, rng)


def _write_line(pen: ImageDraw.ImageDraw, item: Item, text: str, ink: int, scale: float, rng: Random) -> None:
    size = HAND_MM * scale
    font = _font("hand", _dots(size))
    while font.getlength(text) > item.w and size > SMALLEST_HAND_MM:
        size *= 0.93
        font = _font("hand", _dots(size))
    x, base = item.x + float(rng.uniform(0, 4)), item.y + item.h * 0.8
    if font.getlength(text) > item.w - 4:
        x = item.x
    for written in text.split(" "):
        pen.text((x, base + float(rng.uniform(-1.5, 1.5))), written, font=font, fill=ink, anchor="ls")
        x += font.getlength(written + " ")


def _write_cells(pen: ImageDraw.ImageDraw, item: Item, text: str, ink: int, scale: float, rng: Random) -> None:
    font = _font("hand", _dots(HAND_MM * scale))
    digits = text.replace("/", "")
    first = item.cells - len(digits) if item.what == "date" else 0
    lefts = _cell_lefts(item)[first:]
    for left, digit in zip(lefts, digits, strict=False):
        middle = left + _cell_width(item) / 2 + float(rng.uniform(-1.5, 1.5))
        at = (middle, item.y + item.h * 0.8 + float(rng.uniform(-1.5, 1.5)))
        pen.text(at, digit, font=font, fill=ink, anchor="ms")


def _sign(pen: ImageDraw.ImageDraw, item: Item, ink: int, rng: Random) -> None:
    """A signature that is nobody's."""
    steps = np.linspace(0, 1, 80)
    loops, lean = rng.uniform(22, 38), rng.uniform(0.03, 0.07)
    height = rng.uniform(0.2, 0.4) * np.exp(-1.2 * steps) * np.sin(steps * loops)
    across = 0.08 + 0.6 * steps + lean * np.cos(steps * loops)
    rise = height + 0.2 * steps
    points = [
        (item.x + item.w * float(x), item.y + item.h * (0.6 - float(y))) for x, y in zip(across, rise, strict=True)
    ]
    pen.line(points, fill=ink, width=2, joint="curve")


@cache
def _stain_mask(number: int) -> Image.Image:
    """One of a few soft rings or blots, as a mask."""
    rng = np.random.default_rng([number, 7])
    side = int(rng.integers(90, 220))
    mask = Image.new("L", (side, side), 0)
    pen = ImageDraw.Draw(mask)
    edge = side * 0.15
    around = [edge, edge * rng.uniform(0.8, 1.6), side - edge, side - edge * rng.uniform(0.8, 1.6)]
    if number % 2:
        pen.ellipse(around, outline=110, width=max(3, side // 25))
    else:
        pen.ellipse(around, fill=60)
    return mask.filter(ImageFilter.GaussianBlur(side / 30))


def _stain(sheet: Image.Image, rng: Random) -> None:
    mask = _stain_mask(int(rng.integers(STAINS)))
    at = (int(rng.integers(0, SIZE[0] - mask.width)), int(rng.integers(0, SIZE[1] - mask.height)))
    around = (*at, at[0] + mask.width, at[1] + mask.height)
    darkened = sheet.crop(around).point([value * 7 // 10 for value in range(256)])
    sheet.paste(darkened, at, mask)
