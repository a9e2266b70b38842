"""How places are written: finding one by any of its names, and every name at once for bulk matching."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.db import connection
from rapidfuzz import fuzz, process

from hoaban.base.clock import today
from hoaban.base.names import fold, nfc
from hoaban.places import rules
from hoaban.places.models import Spelling, Succession, VillagePast
from hoaban.places.queries import through_time
from hoaban.places.rules import Standing

LIKE_ENOUGH = 75  # of 100; below it a guess is no help
_FIND = """
WITH hits AS (
  SELECT coalesce('u' || unit_id, 'v' || village_id) AS place, unit_id, village_id, name, standing,
         CASE WHEN %(text)s IN (fold, bare) THEN 0
              WHEN starts_with(fold, %(text)s) OR starts_with(bare, %(text)s) THEN 1
              WHEN ' ' || fold LIKE ALL (%(words)s) THEN 2 ELSE 3 END AS tier, length(fold) AS long, fold
    FROM places_spelling
   WHERE ' ' || fold || ' ' || around LIKE ALL (%(words)s)
), best AS (
  SELECT DISTINCT ON (place) * FROM hits ORDER BY place, tier, standing = 'name' DESC, long, fold
)
"""
_TOLD = """, first AS (
  SELECT b.*, u.key, u.level, u.parent_id, coalesce(u.valid_to < %(on)s, false) AS ended,
         CASE u.level WHEN 'province' THEN 0 WHEN 'commune' THEN 1 WHEN 'district' THEN 2 ELSE 3 END AS rank
    FROM best b LEFT JOIN places_unit u ON u.id = b.unit_id
   ORDER BY tier, ended, rank, standing <> 'name', long, fold, unit_id, village_id LIMIT %(limit)s
)
SELECT f.name, f.standing, coalesce(f.key, v.code), f.level, v.name, coalesce(p.key, v.commune_code), v.invented
  FROM first f
  LEFT JOIN places_unit p ON p.id = f.parent_id
  LEFT JOIN places_village v ON v.id = f.village_id
 ORDER BY tier, ended, rank, standing <> 'name', long, f.fold, f.unit_id, f.village_id
"""
_GUESSED = """
WITH best AS (
  SELECT DISTINCT ON (coalesce('u' || unit_id, 'v' || village_id)) unit_id, village_id, name, standing, fold,
         array_position(%(ids)s::bigint[], id) AS tier, length(fold) AS long
    FROM places_spelling WHERE id = ANY (%(ids)s)
   ORDER BY coalesce('u' || unit_id, 'v' || village_id), array_position(%(ids)s::bigint[], id)
)
"""


@dataclass(frozen=True)
class Place:
    """A place that was found: what it's called, what is above it, and how it was written where that's another way.

    `level` is that of a unit, or `village`. `is_guess` when nothing is written quite so.
    """

    key: str
    level: str
    name: str
    above: str
    written: str = ""
    standing: Standing = Standing.NAME
    invented: bool = False
    is_guess: bool = False


def find(text: str, limit: int = 20) -> list[Place]:
    """Units and villages by present, old or variant names, tone marks or none, as somebody types.

    Each word must begin a word of the name, or of the names of the units above it; whole names first, then
    places of today. Where nothing is written so, what is written nearly so.
    """
    words = fold(nfc(text)).replace(",", " ").split()
    if not words:
        return []
    asked: dict[str, Any] = {
        "text": " ".join(words),
        "words": [f"% {_escaped(word)}%" for word in words],
        "on": today(),
    }
    found = _rows(_FIND + _TOLD, {**asked, "limit": limit})
    if found:
        return _told(found, text)
    close = _close_to(str(asked["text"]), limit)
    return _told(_rows(_GUESSED + _TOLD, {"ids": close, "on": today(), "limit": limit}), text, is_guess=True)


def _close_to(text: str, limit: int) -> list[int]:
    """Spellings that are nearly the text, the nearest first."""
    [(ids, written)] = _rows("SELECT array_agg(id), array_agg(bare) FROM places_spelling", {})
    close = process.extract(
        rules.bare(text), written or [], scorer=fuzz.ratio, score_cutoff=LIKE_ENOUGH, limit=2 * limit
    )
    return [ids[at] for _written, _score, at in close]


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _rows(sql: str, asked: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, asked)
        return list(cursor.fetchall())


def _told(rows: list[tuple[Any, ...]], text: str, *, is_guess: bool = False) -> list[Place]:
    names = through_time.names({key for row in rows for key in (row[2], row[5]) if key})
    told = [
        Place(
            key, level or rules.VILLAGE, village or names.get(key, key), names.get(above or "", ""),
            "" if standing == Standing.NAME else written, Standing(standing), bool(invented), is_guess,
        )
        for written, standing, key, level, village, above, invented in rows
    ]  # fmt: skip
    marked = nfc(text).lower()  # who writes tone marks means them
    if marked == fold(text):
        return told
    return sorted(told, key=lambda one: marked not in (one.written or one.name).lower())


def spellings() -> pl.DataFrame:
    """Every way of writing every commune and village, for matching many at once.

    Columns: kind (`commune`, `village`), commune_key, fold, place_key, is_current (it's the name of today). A
    commune stands under its own key; a village under the keys of its commune, of what that became and of
    where the village was before. Each name comes whole and without the word for its kind.
    """
    became = _became()
    past: dict[int, set[str]] = defaultdict(set)
    for village_id, key in VillagePast.objects.values_list("village", "commune_code"):
        past[village_id].add(key)
    rows: list[tuple[str, str, str, str, bool]] = []
    units = Spelling.objects.filter(unit__level=rules.Level.COMMUNE).values_list(
        "unit__key", "unit__valid_to", "fold", "bare", "standing"
    )
    for key, valid_to, folded, short, standing in units:
        current = standing == Standing.NAME and (valid_to is None or valid_to >= today())
        rows += [("commune", key, written, key, current) for written in {folded, short}]
    villages = Spelling.objects.filter(village__isnull=False).values_list(
        "village__code", "village__commune_code", "village", "fold", "bare", "standing"
    )
    for code, key, village_id, folded, short, standing in villages:
        for commune in {key, *became[key], *past[village_id]}:
            rows += [("village", commune, written, code, standing == Standing.NAME) for written in {folded, short}]
    columns = ["kind", "commune_key", "fold", "place_key"]
    schema = dict.fromkeys(columns, pl.String()) | {"is_current": pl.Boolean()}
    return pl.DataFrame(rows, schema=schema, orient="row").sort(*columns, "is_current", descending=[False] * 4 + [True])


def _became() -> dict[str, set[str]]:
    """From a unit's key to the keys of all that it became, one after the other."""
    became: dict[str, set[str]] = defaultdict(set)
    pairs = Succession.objects.order_by("-new__valid_from").values_list("old__key", "new__key")
    for old, new in pairs:  # the latest first: what the new one became is known
        became[old] |= {new} | became[new]
    return became
