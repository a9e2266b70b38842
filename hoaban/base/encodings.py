"""How the letters of a text file are encoded: UTF-8, or one of those that Vietnamese offices still have."""

from __future__ import annotations

import codecs
import csv
import unicodedata
from pathlib import Path

UTF8, WINDOWS_1258, TCVN3 = "utf-8", "Windows-1258", "TCVN3 (.VnTime)"
UNKNOWN = "?"
_PIECE = 1024 * 1024
_SAMPLE = 200_000
_TCVN3_TABLE = Path(__file__).parent.parent / "data" / "intake" / "tcvn3.csv"


def of(path: Path) -> str:
    """The encoding of a text file. One that isn't UTF-8 is guessed from the letters that it would make."""
    with path.open("rb") as file:
        start = file.read(4096)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if len(start) > 3 and start[1::2].count(0) > len(start) // 5:
        return "utf-16-le"
    if len(start) > 3 and start[::2].count(0) > len(start) // 5:
        return "utf-16-be"
    return UTF8 if _is_utf8(path) else _guessed(path)


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _guessed(path: Path) -> str:
    with path.open("rb") as file:
        sample = file.read(_SAMPLE)
    with _TCVN3_TABLE.open(encoding="utf-8", newline="") as lines:
        signs = {row["written"]: row["meant"] for row in csv.DictReader(lines) if row["tells"] == "1"}
    as_tcvn3 = sum(sign in signs for sign in sample.decode("latin-1"))
    text = sample.decode("cp1258", errors="replace")
    as_1258 = sum(unicodedata.combining(one) > 0 for one in text)
    if not as_tcvn3 and not as_1258:
        return UNKNOWN
    return WINDOWS_1258 if as_1258 >= as_tcvn3 else TCVN3
