"""The truth beside the forms: one row for each person as they really are, alive or not, here or not."""

from __future__ import annotations

import numpy as np
import polars as pl

from hoaban.synth.engine import facts
from hoaban.synth.engine.errors import DEAD, LIVING
from hoaban.synth.engine.facts import Ints
from hoaban.synth.engine.families import NOBODY
from hoaban.synth.engine.forms import Forms
from hoaban.synth.engine.sheets import Sheets, at
from hoaban.synth.engine.world import World
from hoaban.synth.rules import PRECISIONS


def person_ids(rows: Ints, members: int) -> pl.Series:
    """The stable id of each person, "" for nobody and for those who are only named."""
    inside = pl.Series((rows != NOBODY) & (rows < members))
    return ("P" + pl.Series(rows).cast(pl.String).str.zfill(7)).set(~inside, "")


def people(sheets: Sheets, rows: Ints) -> pl.DataFrame:
    """These persons with every true fact. Codes are those of the code lists, dates are ISO."""
    world, forms, kin = sheets.world, sheets.forms, sheets.world.kin
    members, household = kin.members, kin.household[rows]
    village = world.village[household]
    stories = pl.Series(
        [world.story[row].story if row in world.story else "" for row in rows.tolist()], dtype=pl.String
    )
    died = pl.Series(forms.died[rows])
    columns: dict[str, pl.Series | str] = {
        "true_id": person_ids(rows, members),
        "synthetic": "1",
        "story": stories,
        "full_name": at(sheets.full, rows),
        "other_name": at(sheets.other_names, rows),
        "gender": at(pl.Series(["M", "F"]), kin.female[rows]),
        "born": sheets.birth(rows, "%Y-%m-%d", "%Y-%m"),
        "dob_precision": at(pl.Series(PRECISIONS), world.known[rows]),
        "blood": at(facts.table("blood_weights")["blood"], world.blood[rows]),
        "marital": pl.Series(world.marital[rows]).cast(pl.String),
        "ethnicity": at(pl.Series(facts.group_codes()), world.group[rows]),
        "nationality": "VN",
        "religion": at(pl.Series(list(facts.terms("religions"))), world.religion[household]),
        "birth_reg_place": at(world.places.texts, world.birthplace[rows]),
        "origin_place": at(world.places.texts, world.origin[rows]),
        "id12": at(world.id12, rows),
        "id9": at(world.id9, rows),
        "commune_code": at(pl.Series([c.code for c in world.communes]), world.commune_of(village)),
        "village_code": at(pl.Series([v.code for v in world.villages]), village),
        "perm_address": at(sheets.addresses, village),
        "cur_address": at(sheets.provinces, world.away[rows]),
        "household_id": "H" + at(sheets.books, household),
        "relation": pl.Series(kin.relation[rows]).cast(pl.String).str.zfill(2),
        "head_id": person_ids(kin.head[rows], members),
        "father_id": person_ids(kin.father[rows], members),
        "father_name": at(sheets.full, kin.father[rows]),
        "mother_id": person_ids(kin.mother[rows], members),
        "mother_name": at(sheets.full, kin.mother[rows]),
        "spouse_id": person_ids(kin.spouse[rows], members),
        "spouse_name": at(sheets.full, kin.spouse[rows]),
        "life": at(pl.Series([LIVING, DEAD]), ~np.isnat(forms.died[rows])),
        "died_on": died.dt.strftime("%Y-%m-%d").fill_null(""),
    }
    return pl.DataFrame(columns)


def villages(world: World) -> pl.DataFrame:
    """The invented villages, as `hoaban places villages` loads them."""
    return pl.DataFrame(
        {
            "code": [v.code for v in world.villages],
            "commune_code": [world.communes[v.commune].code for v in world.villages],
            "name": [v.name for v in world.villages],
            "lat": [f"{v.lat:.6f}" for v in world.villages],
            "lon": [f"{v.lon:.6f}" for v in world.villages],
            "invented": ["1"] * len(world.villages),
        }
    )


def old_names(world: World) -> pl.DataFrame:
    """What each village was called before villages were merged."""
    return pl.DataFrame(
        {
            "code": [v.code for v in world.villages],
            "commune_code": [world.communes[v.commune].code for v in world.villages],
            "old_name": [v.old_name for v in world.villages],
        }
    )


def story(world: World, forms: Forms) -> pl.DataFrame:
    """The story's persons with their id and form."""
    rows = [row for row, part in world.story.items() if part.is_member]
    at_row = {person: row for row, person in enumerate(forms.person.tolist()) if person in world.story}
    return pl.DataFrame(
        {
            "story": [world.story[row].story for row in rows],
            "true_id": person_ids(np.array(rows, dtype=np.int64), world.members),
            "form_serial": [forms.serial[at_row[row]] for row in rows],
        },
        schema={"story": pl.String, "true_id": pl.String, "form_serial": pl.String},
    )
