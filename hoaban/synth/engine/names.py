"""Names by ethnic group and sex: family names follow the father's line, wives keep their own.

Words are kept as positions in one list, so that a province of names is a few small columns.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import polars as pl

from hoaban.synth.engine import facts
from hoaban.synth.engine.facts import OTHER_GROUP, Choice, Flags, Ints, Random
from hoaban.synth.engine.families import (
    ALL_SEATS,
    ELDER_MAN_MOTHER,
    ELDER_WOMAN_FATHER,
    ELDER_WOMAN_MOTHER,
    IN_LAW_FATHER,
    IN_LAW_MOTHER,
    NOBODY,
    Kin,
)
from hoaban.synth.engine.patterns import CHILD, ELDER_WOMAN, MAN, SEATS, WOMAN

# Lines of descent in a household, each with one family name and one ethnic group.
LINK_LINE, OTHER_LINE, ELDER_WOMAN_LINE, IN_LAW_MOTHER_LINE, ELDER_MAN_MOTHER_LINE, LAST_LINE = range(6)
LINES = 6
MONG = "08"
ADULT_NAME_AGE = 25
NO_WORD = 0
REDRAWS = 4


@dataclass
class Words:
    """Every word of a name once; position 0 is the empty word."""

    texts: list[str] = field(default_factory=lambda: [""])
    places: dict[str, int] = field(default_factory=lambda: {"": NO_WORD})

    def place(self, text: str) -> int:
        """The position of a word, added when new."""
        if text not in self.places:
            self.places[text] = len(self.texts)
            self.texts.append(text)
        return self.places[text]

    def series(self, positions: Ints) -> pl.Series:
        """The words at these positions."""
        return pl.Series(self.texts).gather(pl.Series(positions))


@dataclass
class Names:
    """Columns over persons: positions in `words`. `adult` is the second name of a Mông man, or none."""

    words: Words
    family: Ints
    middle: Ints
    given: Ints
    adult: Ints

    def full(self) -> pl.Series:
        """Family, middle and given name as people write them."""
        return self._joined(self.middle)

    def everyday(self) -> pl.Series:
        """The name with the adult name in the middle, "" for those without."""
        text = self._joined(self.adult)
        return text.set(pl.Series(self.adult == NO_WORD), "")

    def _joined(self, middle: Ints) -> pl.Series:
        parts = pl.DataFrame(
            {"f": self.words.series(self.family), "m": self.words.series(middle), "g": self.words.series(self.given)}
        )
        return parts.select(
            pl.when(pl.col("m") == "")
            .then(pl.concat_str("f", "g", separator=" "))
            .otherwise(pl.concat_str("f", "m", "g", separator=" "))
        ).to_series()


@dataclass(frozen=True)
class _Listed:
    """A weighted list of words, by position."""

    places: Ints
    choice: Choice

    def draw(self, rng: Random, count: int) -> Ints:
        return self.places[self.choice.draw(rng, count)]


class _Lists:
    """The lists of the facts, by ethnic group and sex."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._made: dict[tuple[str, str, str], _Listed] = {}

    def of(self, kind: str, group: str, sex: str = "") -> _Listed:
        """The list of `family`, `middle` or `given` words."""
        key = (kind, group, sex)
        if key not in self._made:
            rows = facts.table(f"{kind}_names")
            if sex:
                rows = rows.filter(pl.col("gender") == sex)
            if group not in set(rows["ethnic_code"].to_list()):
                group = OTHER_GROUP
            rows = rows.filter(pl.col("ethnic_code") == group)
            column = kind if kind != "family" else "family_name"
            places = np.array([self._words.place(text) for text in rows[column].to_list()], dtype=np.int64)
            self._made[key] = _Listed(places, Choice.of(rows["weight"].cast(pl.Float64).to_numpy()))
        return self._made[key]


def lines(kin: Kin, link: Ints, undeclared_father: Flags) -> Ints:
    """The line of descent of each person in their household."""
    by_seat = np.full((len(link), ALL_SEATS), LINK_LINE, dtype=np.int64)
    rows = np.arange(len(link))
    by_seat[rows, MAN + WOMAN - link] = OTHER_LINE
    by_seat[:, IN_LAW_FATHER] = OTHER_LINE
    by_seat[:, [ELDER_WOMAN, ELDER_WOMAN_FATHER]] = ELDER_WOMAN_LINE
    by_seat[:, IN_LAW_MOTHER] = IN_LAW_MOTHER_LINE
    by_seat[:, ELDER_MAN_MOTHER] = ELDER_MAN_MOTHER_LINE
    by_seat[:, ELDER_WOMAN_MOTHER] = LAST_LINE
    fathers_line = np.where(undeclared_father | (link == MAN), LINK_LINE, OTHER_LINE)
    by_seat[:, CHILD:SEATS] = fathers_line[:, None]
    return by_seat[kin.household, kin.seat]


def line_groups(group: Ints, district_mix: list[Choice], mix_of: Ints, rng: Random) -> Ints:
    """Ethnic group of each line of each household: one, but for mixed marriages."""
    by_line = np.repeat(group[:, None], LINES, axis=1)
    mixed = np.flatnonzero(rng.random(len(group)) < facts.assumed("mixed_marriage_share"))
    for position, mix in enumerate(district_mix):
        here = mixed[mix_of[mixed] == position]
        by_line[here, OTHER_LINE] = mix.draw(rng, len(here))
    by_line[:, IN_LAW_MOTHER_LINE] = by_line[:, OTHER_LINE]
    return by_line


def named(kin: Kin, line: Ints, by_line: Ints, village: Ints, villages: int, married: Flags, rng: Random) -> Names:
    """A name for everybody. `by_line` is the ethnic group of each line, `village` of each household."""
    words = Words()
    lists = _Lists(words)
    codes = facts.group_codes()
    family_by_line = _families(lists, codes, by_line, village, villages, rng)
    family = family_by_line[kin.household, line]
    group = by_line[kin.household, line]
    middle, given = np.zeros_like(family), np.zeros_like(family)
    everybody = np.arange(len(family))
    _draw_own(lists, codes, everybody, group, kin.female, middle, given, rng)
    for _ in range(REDRAWS):
        again = _alike(kin, family, middle, given)
        _draw_own(lists, codes, again, group, kin.female, middle, given, rng)
    adult = np.zeros_like(family)
    mong = codes.index(MONG)
    may = (group == mong) & ~kin.female & married & (kin.age >= ADULT_NAME_AGE)
    men = np.flatnonzero(may & (rng.random(len(family)) < facts.assumed("adult_name_share")))
    adult[men] = lists.of("given", MONG, "M").draw(rng, len(men))
    adult[(adult == given) | (adult == middle)] = NO_WORD
    return Names(words, family, middle, given, adult)


def _families(lists: _Lists, codes: tuple[str, ...], by_line: Ints, village: Ints, villages: int, rng: Random) -> Ints:
    family = np.zeros_like(by_line)
    common = np.zeros((villages, len(codes)), dtype=np.int64)
    for number, code in enumerate(codes):
        listed = lists.of("family", code)
        common[:, number] = listed.draw(rng, villages)
        at = by_line == number
        family[at] = listed.draw(rng, int(at.sum()))
    of_clan = rng.random(len(by_line)) < facts.assumed("clan_share")
    family[:, LINK_LINE] = np.where(of_clan, common[village, by_line[:, LINK_LINE]], family[:, LINK_LINE])
    # Nobody marries inside a Mông clan.
    mong = codes.index(MONG)
    for line in (OTHER_LINE, ELDER_WOMAN_LINE):
        for _ in range(REDRAWS):
            same = (family[:, line] == family[:, LINK_LINE]) & (by_line[:, line] == mong)
            family[same, line] = lists.of("family", MONG).draw(rng, int(same.sum()))
    return family


def _draw_own(
    lists: _Lists,
    codes: tuple[str, ...],
    who: Ints,
    group: Ints,
    female: Flags,
    middle: Ints,
    given: Ints,
    rng: Random,
) -> None:
    """Draw middle and given names for these persons."""
    for number, code in enumerate(codes):
        for sex in ("M", "F"):
            at = who[(group[who] == number) & (female[who] == (sex == "F"))]
            middle[at] = lists.of("middle", code, sex).draw(rng, len(at))
            given[at] = lists.of("given", code, sex).draw(rng, len(at))


def _alike(kin: Kin, family: Ints, middle: Ints, given: Ints) -> Ints:
    """Persons who bear a housemate's full name, or the same word twice."""
    key = ((kin.household * 4096 + family) * 4096 + middle) * 4096 + given
    first = np.unique(key, return_index=True)[1]
    repeated = np.ones(len(key), dtype=np.bool_)
    repeated[first] = False
    child = kin.seat >= CHILD
    brothers = (kin.household * 2 + kin.female) * 4096 + given
    first_child = np.unique(np.where(child, brothers, NOBODY - np.arange(len(key))), return_index=True)[1]
    repeated_child = child.copy()
    repeated_child[first_child] = False
    return np.flatnonzero(repeated | repeated_child | (given == middle) | (given == family))
