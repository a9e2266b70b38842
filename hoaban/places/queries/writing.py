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
from hoaban.places.queries import lineage
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
_TOLD = """
SELECT b.tier, b.name, b.standing, u.key, u.level, u.full_name, p.key, v.code, v.name, v.commune_code, v.invented
  FROM best b
  LEFT JOIN places_unit u ON u.id = b.unit_id
  LEFT JOIN places_unit p ON p.id = u.parent_id
  LEFT JOIN places_village v ON v.id = b.village_id
 ORDER BY b.tier, coalesce(u.valid_to < %(on)s, false),
          CASE u.level WHEN 'province' THEN 0 WHEN 'commune' THEN 1 WHEN 'district' THEN 2 ELSE 3 END,
          b.standing <> 'name', b.long, b.fold, coalesce(u.key, v.code)
 LIMIT %(limit)s
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
    choices = dict(Spelling.objects.values_list("pk", "bare"))
    close = process.extract(rules.bare(text), choices, scorer=fuzz.ratio, score_cutoff=LIKE_ENOUGH, limit=2 * limit)
    return [pk for _written, _score, pk in close]


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _rows(sql: str, asked: dict[str, Any]) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, asked)
        return list(cursor.fetchall())


def _told(rows: list[tuple[object, ...]], text: str, *, is_guess: bool = False) -> list[Place]:
    above = lineage.names({str(row[6] or row[9]) for row in rows if row[6] or row[9]})
    names = lineage.names({str(row[3]) for row in rows if row[3]})
    told = []
    for _tier, written, standing, key, level, _full, parent, code, village, commune, invented in rows:
        place = str(key or code)
        told.append(
            Place(
                place, str(level or rules.VILLAGE), names.get(place, str(village or "")),
                above.get(str(parent or commune or ""), ""), "" if standing == Standing.NAME else str(written),
                Standing(str(standing)), bool(invented), is_guess,
            )
        )  # fmt: skip
    marked = nfc(text).lower()  # who writes tone marks means them
    return (
        sorted(told, key=lambda one: marked not in (one.written or one.name).lower()) if marked != fold(text) else told
    )


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
