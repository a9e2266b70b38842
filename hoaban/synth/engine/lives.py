"""What happened to each person: birth, places of birth and origin, marriage, religion, papers, absence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from hoaban.synth.engine import facts
from hoaban.synth.engine.facts import Choice, Commune, Days, Flags, Ints, Random, assumed
from hoaban.synth.engine.families import HEAD, Kin
from hoaban.synth.engine.names import LINK_LINE, OTHER_LINE
from hoaban.synth.engine.patterns import CHILD, CHILDREN, ELDER_WOMAN, MAN, WOMAN

DAY, MONTH, YEAR = 0, 1, 2  # what is known of a date of birth
SINGLE, MARRIED, DIVORCED, WIDOWED = 1, 2, 3, 4  # codes of marital_status.csv
HERE = 11  # the province in personal numbers
NEAR = (12, 14)  # the provinces that share its villages' kin
KINH = "01"
ID9_AGE = 16
GROWN = 23
NOWHERE = -1
YEAR_OF_DAYS = 365


@dataclass(frozen=True)
class Places:
    """Every place a form may name as birthplace or origin: our communes, then other provinces."""

    texts: pl.Series
    province: Ints
    communes: int

    @classmethod
    def known(cls) -> Places:
        """All of them."""
        here = facts.word("province")
        texts = [f"{c.name}, {c.district}, {here}" for c in facts.communes()]
        provinces = facts.table("id_number_province_codes").filter(pl.col("code") != f"{HERE:03d}")
        texts += [facts.province_text(*row) for row in provinces.select("code", "province_vi").iter_rows()]
        numbers = np.concatenate([np.full(len(facts.communes()), HERE), provinces["code"].cast(pl.Int64).to_numpy()])
        return cls(pl.Series(texts), numbers, len(facts.communes()))

    def other_provinces(self, only: tuple[int, ...] = ()) -> tuple[Ints, Choice]:
        """Positions of other provinces with the weight of their people here."""
        frame = facts.table("id_number_province_codes")
        weights = dict(
            frame.select(
                pl.col("code").cast(pl.Int64),
                pl.col("weight_born_there_living_in_dien_bien_pct").replace("", "0").cast(pl.Float64),
            ).iter_rows()
        )
        at = np.arange(self.communes, len(self.province))
        if only:
            at = at[np.isin(self.province[at], only)]
        return at, Choice.of([weights[int(code)] for code in self.province[at]])


def forms_filled(village: Ints, villages: int, on: np.datetime64, rng: Random) -> Days:
    """The day each household's forms were filled: a village within one week, all before `on`."""
    first = on - rng.integers(8, 110, villages)
    days: Days = first[village] + rng.integers(0, 7, len(village))
    return days


def births(kin: Kin, filled: Days, rng: Random) -> Days:
    """Dates of birth that give each person their age on the day the form was filled; twins share one."""
    households = len(filled)
    back = rng.integers(0, YEAR_OF_DAYS, len(kin.age))
    age = np.full((households, CHILDREN), -1, dtype=np.int64)
    children = np.flatnonzero((kin.seat >= CHILD) & (np.arange(len(kin.age)) < kin.members))
    place = kin.seat[children] - CHILD
    age[kin.household[children], place] = kin.age[children]
    # Brothers and sisters keep about the same season, so that none is born within months of another.
    season = np.clip(
        rng.integers(0, YEAR_OF_DAYS, (households, 1)) + rng.integers(-40, 41, (households, CHILDREN)),
        0,
        YEAR_OF_DAYS - 1,
    )
    for seat in range(1, CHILDREN):
        twin = age[:, seat] == age[:, seat - 1]
        season[twin, seat] = season[twin, seat - 1]
    back[children] = season[kin.household[children], place]
    on = filled[kin.household]
    month = on.astype("datetime64[M]")
    into_month = (on - month).astype(np.int64)
    born: Days = (month - 12 * kin.age).astype("datetime64[D]") + into_month - back
    return born


def known_of_birth(age: Ints, rng: Random) -> Ints:
    """DAY, MONTH or YEAR: how much each person knows of their date of birth."""
    chance = rng.random(len(age))
    year = np.select(
        [age >= 60, age >= 45, age >= 30],
        [assumed("year_only_60"), assumed("year_only_45"), assumed("year_only_30")],
        default=0.0,
    )
    month = np.where(age >= 30, assumed("month_only"), 0.0)
    return np.where(chance < year, YEAR, np.where(chance < year + month, MONTH, DAY)).astype(np.int64)


def marital(kin: Kin, undeclared_father: Flags, with_children: Flags, rng: Random) -> Ints:
    """Marital status by code. The two flags are of households."""
    chance = rng.random(len(kin.age))
    core = (kin.seat == MAN) | (kin.seat == WOMAN)
    elder = kin.seat <= ELDER_WOMAN
    widowed = np.where(chance < assumed("old_alone_widowed"), WIDOWED, DIVORCED)
    parted = np.where(chance < assumed("young_alone_divorced"), DIVORCED, WIDOWED)
    alone = np.where(chance < assumed("single_alone_share"), SINGLE, parted)
    grown = np.where((chance < assumed("grown_child_divorced")) & (kin.age >= GROWN), DIVORCED, SINGLE)
    return np.select(
        [
            kin.spouse >= 0,
            elder,
            core & undeclared_father[kin.household],
            core & (kin.age >= 50),
            core & with_children[kin.household],
            core,
        ],
        [np.full(len(chance), MARRIED), widowed, np.full(len(chance), SINGLE), widowed, parted, alone],
        default=grown,
    ).astype(np.int64)


def origins(places: Places, commune: Ints, by_line: Ints, communes: tuple[Commune, ...], rng: Random) -> Ints:
    """Place of origin of each line of each household (`commune` is a position in `communes`)."""
    district = np.array([int(c.district_code) for c in communes])
    origin = np.repeat(commune[:, None], by_line.shape[1], axis=1)
    moves = rng.random(origin.shape) < assumed("neighbour_origin_share")
    moves[:, LINK_LINE] = rng.random(len(origin)) < assumed("household_moved_share")
    for code in np.unique(district):
        inside = np.flatnonzero(district == code)
        at = moves & (district[commune] == code)[:, None]
        origin[at] = inside[rng.integers(0, len(inside), int(at.sum()))]
    kinh = by_line == facts.group_codes().index(KINH)
    lowland = kinh & (rng.random(origin.shape) < assumed("lowland_origin_share"))
    outside, choice = places.other_provinces()
    origin[lowland] = outside[choice.draw(rng, int(lowland.sum()))]
    beyond = ~kinh & (rng.random(origin.shape) < assumed("near_origin_share"))
    near, near_choice = places.other_provinces(only=NEAR)
    origin[beyond] = near[near_choice.draw(rng, int(beyond.sum()))]
    return origin


def birthplaces(kin: Kin, places: Places, line: Ints, origin: Ints, commune: Ints, rng: Random) -> Ints:
    """Where each birth was registered. `origin` and `commune` are of persons."""
    chance = rng.random(len(kin.age))
    from_elsewhere = origin >= places.communes
    near = np.isin(places.province[origin], NEAR)
    lowland = from_elsewhere & ~near & (kin.age >= 35) & (chance < assumed("lowland_birth_share"))
    born_there = lowland | (near & (chance < assumed("near_birth_share")))
    married_in = (line == OTHER_LINE) & (kin.seat < CHILD) & ~from_elsewhere
    place = np.where(born_there | married_in, origin, commune)
    inside = np.arange(places.communes)
    strays = (kin.age < 15) & (chance > assumed("born_here_share"))
    place[strays] = rng.choice(inside, int(strays.sum()))
    return place


def religions(group: Ints, rng: Random) -> Ints:
    """Religion of each household, as a position in religions.csv."""
    listed = facts.table("religion_weights")
    codes = list(facts.terms("religions"))
    religion = np.zeros_like(group)
    for number, code in enumerate(facts.group_codes()):
        rows = listed.filter(pl.col("ethnic_code") == code)
        if rows.is_empty():
            rows = listed.filter(pl.col("ethnic_code") == facts.OTHER_GROUP)
        at = np.flatnonzero(group == number)
        drawn = Choice.of(rows["weight"].cast(pl.Float64).to_numpy()).draw(rng, len(at))
        religion[at] = np.array([codes.index(c) for c in rows["religion_code"].to_list()])[drawn]
    return religion


def numbered(kin: Kin, rng: Random) -> tuple[Flags, Flags]:
    """Who holds a 12-digit number, and who has had a 9-digit one."""
    member = np.arange(len(kin.age)) < kin.members
    share = np.select(
        [~member & (kin.age < 85), ~member, kin.age < 6, kin.age < 14],
        [
            assumed("parent_number_share"),
            0.0,
            assumed("id12_under_6"),
            assumed("id12_6_to_13"),
        ],
        default=assumed("id12_adult"),
    )
    has12 = rng.random(len(kin.age)) < share
    has9 = member & (kin.age >= ID9_AGE) & (rng.random(len(kin.age)) < assumed("id9_adult"))
    return has12, has9


def absences(kin: Kin, rng: Random) -> Ints:
    """Position in away_provinces.csv of the province where somebody works or studies, or NOWHERE."""
    member = np.arange(len(kin.age)) < kin.members
    may = member & (kin.age >= 16) & (kin.age <= 45) & (kin.relation != HEAD)
    grown = int((member & (kin.age >= 14)).sum())
    share = min(1.0, assumed("away_share") * grown / max(1, int(may.sum())))
    away = np.full(len(kin.age), NOWHERE, dtype=np.int64)
    who = np.flatnonzero(may & (rng.random(len(may)) < share))
    weights = facts.table("away_provinces")["away_weight"].cast(pl.Float64).to_numpy()
    away[who] = Choice.of(weights).draw(rng, len(who))
    return away
