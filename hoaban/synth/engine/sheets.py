"""The forms as they ought to be: what each person would have written if nobody ever erred."""

from __future__ import annotations

import numpy as np
import polars as pl

from hoaban.base.dc01 import COLUMNS
from hoaban.synth.engine import facts, lives
from hoaban.synth.engine.facts import Flags, Ints
from hoaban.synth.engine.families import HEAD, NOBODY
from hoaban.synth.engine.forms import Forms
from hoaban.synth.engine.world import World
from hoaban.synth.rules import PRECISIONS

PROVINCE_CODE = "11"
CHILD_AGE = 14  # below it a legal representative stands on the form
LAST_BOOK_YEAR = 2022  # household books ended with 2022 (Law on Residence 68/2020, art. 38)
DAY_WRITTEN = "%d/%m/%Y"


class Sheets:
    """True forms by row, and the columns of text that they share with the truth's tables."""

    def __init__(self, world: World, forms: Forms) -> None:
        self.world, self.forms = world, forms
        self.full = world.names.full()
        self.capitals = self.full.str.to_uppercase()
        self.other_names = world.names.everyday()
        self.everyday = self.other_names.str.to_uppercase()
        kin = world.kin
        self.heads = np.zeros(len(world.village), dtype=np.int64)
        self.heads[kin.household[: kin.members]] = kin.head[: kin.members]
        self.books = PROVINCE_CODE + pl.Series(np.arange(1, len(world.village) + 1)).cast(pl.String).str.zfill(7)
        self.number = pl.select(pl.when(world.id12 != "").then(world.id12).otherwise(world.id9)).to_series()
        self.villages = pl.Series([v.name for v in world.villages])
        tail = [f"{c.name}, {c.district}, {facts.word('province')}" for c in world.communes]
        self.addresses = pl.Series([f"{v.name}, {tail[v.commune]}" for v in world.villages])
        self.relation = _by_code("relationship_to_head")
        self.marital = _by_code("marital_status")
        self.groups = pl.Series([facts.terms("ethnic_groups")[code] for code in facts.group_codes()])
        self.religions = pl.Series(list(facts.terms("religions").values()))
        self.provinces = pl.Series(
            [
                facts.province_text(*row)
                for row in facts.table("away_provinces").select("id_code", "province_vi").iter_rows()
            ]
        )

    def true(self, rows: Ints) -> pl.DataFrame:
        """The forms of these rows without a fault. A second form is a true copy of the first."""
        world, kin = self.world, self.world.kin
        person = self.forms.person[rows]
        household = kin.household[person]
        village = world.village[household]
        representative = np.where(kin.mother[person] < kin.members, kin.mother[person], kin.father[person])
        outside = (representative == NOBODY) | (representative >= kin.members)
        representative = np.where(outside, kin.head[person], representative)
        ward = (kin.age[person] < CHILD_AGE) & (kin.relation[person] != HEAD)
        representative = np.where(ward, representative, NOBODY)
        filled = pl.Series(world.filled[household])
        columns = {
            "province_code": PROVINCE_CODE,
            "commune_code": at(pl.Series([c.code for c in world.communes]), world.commune_of(village)),
            "village": at(self.villages, village),
            "full_name": at(self.capitals, person),
            "dob": self.birth(person, DAY_WRITTEN, "%m/%Y"),
            "dob_precision": at(pl.Series(PRECISIONS), world.known[person]),
            "blood": at(facts.table("blood_weights")["blood"], world.blood[person]),
            "gender": at(pl.Series([facts.terms("gender")[c] for c in "12"]), kin.female[person]),
            "marital": at(self.marital, world.marital[person]),
            "birth_reg_place": at(world.places.texts, world.birthplace[person]),
            "origin_place": at(world.places.texts, world.origin[person]),
            "ethnicity": at(self.groups, world.group[person]),
            "nationality": facts.word("nationality"),
            "religion": at(self.religions, world.religion[household]),
            "id12": at(world.id12, person),
            "id9": at(world.id9, person),
            "perm_address": at(self.addresses, village),
            "cur_address": at(self.provinces, world.away[person]),
            **self._named("father", kin.father[person]),
            **self._named("mother", kin.mother[person]),
            **self._named("spouse", kin.spouse[person]),
            **self._named("rep", representative),
            **self._named("head", kin.head[person]),
            "rel_to_head": at(self.relation, kin.relation[person]),
            "book_no": pl.select(
                pl.when(filled.dt.year() <= LAST_BOOK_YEAR).then(at(self.books, household)).otherwise(pl.lit(""))
            ).to_series(),
            "filled_on": filled.dt.strftime(DAY_WRITTEN),
            "officer": at(pl.Series(world.officers), village),
            "form_serial": at(self.forms.serial, rows),
        }
        return pl.DataFrame(columns).select(COLUMNS)

    def birth(self, person: Ints, whole: str, month: str) -> pl.Series:
        """Dates of birth as far as they are known, in these formats."""
        born, known = pl.Series(self.world.born[person]), pl.Series(self.world.known[person])
        return pl.select(
            pl.when(known == lives.DAY)
            .then(born.dt.strftime(whole))
            .when(known == lives.MONTH)
            .then(born.dt.strftime(month))
            .otherwise(born.dt.strftime("%Y"))
        ).to_series()

    def _named(self, role: str, person: Ints) -> dict[str, pl.Series]:
        return {f"{role}_name": at(self.capitals, person), f"{role}_id": at(self.number, person)}


def at(texts: pl.Series, positions: Ints | Flags) -> pl.Series:
    """The texts at these positions, "" for a negative one."""
    places = pl.Series(positions).cast(pl.Int64)
    return texts.gather(places.set(places < 0, None)).fill_null("")


def _by_code(name: str) -> pl.Series:
    """The terms of a code list whose codes are numbers, by number."""
    terms = {int(code): term for code, term in facts.terms(name).items()}
    return pl.Series([terms.get(number, "") for number in range(max(terms) + 1)])
