"""The map of 2023 and of 2025 with a few invented villages, for tests of places and of who stands on them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from hoaban.base.clock import now
from hoaban.places import actions
from hoaban.places.models import Reform
from tests import make

COLUMNS = ["code", "commune_code", "name", "lat", "lon", "invented"]
VILLAGES = [
    ("0317401", "03174", "Ban Huoi Po", "21.95", "102.95", "1"),
    ("0317402", "03174", "Ban Nam Pang", "21.96", "102.97", "1"),
    ("0317501", "03175", "Ban Cha To", "21.90", "102.99", "1"),
    ("0315801", "03158", "Ban Suoi Voi", "22.30", "102.30", "1"),
    ("0315401", "03154", "Ban A Pa Chai", "22.38", "102.16", "1"),
]


def table(path: Path, head: Sequence[str], rows: Sequence[tuple[str, ...]]) -> Path:
    """Write a table for a test."""
    path.write_text("\n".join(",".join(row) for row in [tuple(head), *rows]) + "\n", encoding="utf-8")
    return path


def with_villages(folder: Path) -> None:
    """Load the invented villages."""
    actions.load_villages(path=table(folder / "villages.csv", COLUMNS, VILLAGES), by=make.MAKER, at=now())


def reformed() -> Reform:
    """The map of 2025."""
    return actions.reform(by=make.MAKER, at=now())
