"""Finding people as people look for each other: by number, by words of a name, by year, village or head.

Equality on stored keys alone: under row security neither `LIKE` nor trigrams can use an index.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from hoaban.base import names
from hoaban.base.errors import NotFound
from hoaban.base.id_number import is_old9
from hoaban.people import rules
from hoaban.people.models import Person
from hoaban.people.queries import finding
from hoaban.web.actor import Actor

MOST_ALIKE = 2000


@dataclass(frozen=True)
class Wanted:
    """Whom somebody looks for; what is left empty isn't asked.

    `text` is a number (12 or 9 digits, present or cancelled) or words of the name, `head` words of the name
    of the head of their household, `communes` the codes among which to look.
    """

    text: str = ""
    born_year: int | None = None
    village_code: str = ""
    head: str = ""
    communes: Sequence[str] | None = None
    any_spelling: bool = False

    @property
    def digits(self) -> str:
        """The number written, or "" where words are."""
        digits = self.text.replace(" ", "").replace(".", "")
        return digits if digits.isascii() and digits.isdigit() else ""

    @property
    def is_enough(self) -> bool:
        """Whether this narrows a search down: a name, a number, a head or a village."""
        return bool(self.digits or names.tokens(self.text) or names.tokens(self.head) or self.village_code)


def find(
    text: str,
    actor: Actor,
    commune_code: str | None = None,
    limit: int = 50,
    *,
    born_year: int | None = None,
    village_code: str = "",
    head: str = "",
) -> list[Person]:
    """People in the actor's area, in Vietnamese order; a joined record is found as the one that stays.

    Words may come in any order and without tone marks; each must be a whole word of a name.
    """
    communes = [commune_code] if commune_code is not None else area_of(actor)
    return found(Wanted(text, born_year, village_code, head, communes), limit)


def area_of(actor: Actor) -> list[str] | None:
    """The communes in which somebody may look, None for all."""
    return None if actor.communes is None else sorted(actor.communes)


def found(wanted: Wanted, limit: int) -> list[Person]:
    """Whoever fits, in Vietnamese order; nobody where too little is asked.

    Of a name that more than `MOST_ALIKE` people of the area carry only so many are looked at: whoever asks so
    little must write more in any case.
    """
    if not wanted.is_enough:
        return []
    ids = _numbered(wanted) if wanted.digits else _named(wanted, limit)
    people = finding.many(ids).select_related("joined_to")
    return list(dict.fromkeys(one.joined_to or one for one in people))


def otherwise_spelt(wanted: Wanted, limit: int, but: Sequence[Person]) -> list[Person]:
    """Who fits by another spelling of the words alone (`Giang` and `Dang`)."""
    words = [*names.tokens(wanted.text), *names.tokens(wanted.head)]
    if wanted.digits or not rules.has_other_spellings(words):
        return []
    every = Wanted(wanted.text, wanted.born_year, wanted.village_code, wanted.head, wanted.communes, any_spelling=True)
    return [one for one in found(every, limit + len(but)) if one not in set(but)][:limit]


def _numbered(wanted: Wanted) -> list[int]:
    if is_old9(wanted.digits):
        ids = [pk for _number, pk in finding.known_old_numbers([wanted.digits])]
    else:
        try:
            ids = [finding.holder_of(wanted.digits).pk]
        except NotFound:
            ids = []
    people = finding.many(ids)
    if wanted.communes is not None:
        people = people.filter(commune_code__in=wanted.communes)
    return list(people.values_list("pk", flat=True))


@dataclass
class _Asking:
    """The parts of one statement."""

    tables: list[str]
    conditions: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)
    keys: int = 0

    @property
    def from_where(self) -> str:
        """The tables and the conditions as written."""
        return f"FROM {', '.join(self.tables)} WHERE {' AND '.join(self.conditions)}"

    def where(self, condition: str, *values: Any) -> None:
        self.conditions.append(condition)
        self.values.extend(values)

    def named(self, owner: str, wanted: Wanted, words: Sequence[str]) -> None:
        """Every word is one of the owner's keys; the keys meet by commune and person, as they are stored."""
        before = ""
        for word in sorted(set(words), key=len, reverse=True):
            self.keys += 1
            key = f"k{self.keys}"
            self.tables.append(f"people_namekey {key}")
            if wanted.any_spelling:
                self.where(f"{key}.token = ANY(%s)", list(rules.spellings(word)))
            else:
                self.where(f"{key}.token = %s", word)
            if before:
                self.where(f"{key}.commune_code = {before}.commune_code AND {key}.person_id = {before}.person_id")
            elif owner:
                self.where(f"{key}.person_id = {owner}.id")
            if wanted.communes is not None:
                self.where(f"{key}.commune_code = ANY(%s)", list(wanted.communes))
            before = key


def _named(wanted: Wanted, limit: int) -> list[int]:
    asking = _Asking(["people_person p"])
    if wanted.head or wanted.village_code or wanted.born_year is not None:
        _narrow(asking, wanted)
    else:  # by keys alone, so that a word that thousands carry ends early
        keys = _Asking([])
        keys.named("", wanted, names.tokens(wanted.text))
        asking.where(f"p.id IN (SELECT k1.person_id {keys.from_where} LIMIT %s)", *keys.values, MOST_ALIKE)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT p.sort_key, p.id {asking.from_where} ORDER BY p.sort_key, p.id LIMIT %s",
            [*asking.values, limit],
        )
        return [pk for _key, pk in cursor.fetchall()]


def _narrow(asking: _Asking, wanted: Wanted) -> None:
    """By keys and by what else is known of the person."""
    asking.named("p", wanted, names.tokens(wanted.text))
    if wanted.head:
        asking.tables.append("people_person h")
        asking.named("h", wanted, names.tokens(wanted.head))
        asking.where(
            "h.relation_to_head = %s AND h.life = %s AND p.household_id = h.household_id",
            rules.HEAD, rules.Life.LIVING.value,
        )  # fmt: skip
    if not names.tokens(wanted.text) and wanted.communes is not None:
        asking.where("p.commune_code = ANY(%s)", list(wanted.communes))
    if wanted.village_code:
        asking.where("p.village_code = %s", wanted.village_code)
    if wanted.born_year is not None:
        asking.where("substr(p.born, 1, 4) = %s", f"{wanted.born_year:04d}")
