"""The print of the form DC01: where each field stands on its A4 sheet (assumed, `data/forms/dc01_layout.csv`)."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

LAYOUT = Path(__file__).parents[2] / "data" / "forms" / "dc01_layout.csv"
WIDTH_MM, HEIGHT_MM = 210.0, 297.0


@dataclass(frozen=True)
class Item:
    """One thing on the print, in millimetres from the sheet's top left; `cells` of a number or a date."""

    what: str
    field: str
    text: str
    x: float
    y: float
    w: float
    h: float
    cells: int


@dataclass(frozen=True)
class Box:
    """A part of the sheet, as shares of its width and height."""

    x: float
    y: float
    w: float
    h: float


@cache
def items() -> tuple[Item, ...]:
    """Everything on the print."""
    with LAYOUT.open(encoding="utf-8", newline="") as lines:
        return tuple(_item(row) for row in csv.DictReader(lines))


def _item(row: dict[str, str]) -> Item:
    x, y, w, h = (float(row[f"{side}_mm"]) for side in "xywh")
    return Item(row["what"], row["field"], row["text"], x, y, w, h, int(row["cells"] or 0))


@cache
def boxes() -> dict[str, Box]:
    """Where each field is filled in, by its column; a scanned sheet may lie a little askew."""
    found: dict[str, tuple[float, float, float, float]] = {}
    for item in items():
        if item.field:
            left, top, right, bottom = found.get(item.field, (item.x, item.y, 0.0, 0.0))
            found[item.field] = (
                min(left, item.x), min(top, item.y), max(right, item.x + item.w), max(bottom, item.y + item.h),
            )  # fmt: skip
    return {
        field: Box(
            round(left / WIDTH_MM, 4), round(top / HEIGHT_MM, 4),
            round((right - left) / WIDTH_MM, 4), round((bottom - top) / HEIGHT_MM, 4),
        )
        for field, (left, top, right, bottom) in found.items()
    }  # fmt: skip
