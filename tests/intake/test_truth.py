"""A made-up commune with its truth: seeded faults are found where they are, clean forms aren't returned."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.db import transaction

from hoaban.base import tables
from hoaban.base.clock import now
from hoaban.intake import actions
from hoaban.intake.models import Finding, FormRow
from hoaban.people.models import Household, Person
from hoaban.places import actions as places
from hoaban.synth import actions as synth
from hoaban.synth.rules import Layout
from tests import make

pytestmark = pytest.mark.django_db

# kinds of error that a desk sees on one paper: the rule that finds it
SEEN_AT_THE_DESK = {
    "E07": "number_denies_sex",
    "E09": "birth_registration_missing",
    "E10": "permanent_address_missing",
    "E14": "ethnicity_by_another_name",
    "E15": "village_unknown",
}


def test_a_made_up_commune_enters_the_register(tmp_path: Path, settings: Any) -> None:
    settings.HOABAN_FILES = tmp_path / "files"
    synth.write(folder=tmp_path / "synth", people=2_000, seed=6, communes=[make.NAM_KHAN], images=0)
    places.load_villages(path=tmp_path / "synth" / "places" / "villages.csv", by=make.MAKER, at=now())

    batch = actions.load(path=tmp_path / "synth" / "forms" / "DC01_03174.csv", by=make.MAKER, at=now())

    errors = tables.read(tmp_path / "synth" / "truth" / "errors.csv")
    numbered = set(FormRow.objects.exclude(written__id12="").values_list("serial", flat=True))
    for kind, code in SEEN_AT_THE_DESK.items():
        seeded = set(errors.filter(pl.col("kind") == kind)["form_serial"].to_list())
        if kind == "E07":
            seeded &= numbered
        found = set(Finding.objects.filter(code=code).values_list("row__serial", flat=True))
        assert seeded <= found, f"{kind}: {sorted(seeded - found)[:5]}"
    returned = set(FormRow.objects.filter(state="returned").values_list("serial", flat=True))
    # of two forms of one person either may be the one that comes back
    twice = errors.filter(pl.col("kind") == "E05", pl.col("field") == "form_serial")["true"]
    assert returned <= {*errors["form_serial"], *twice}
    assert Person.objects.count() == batch.rows - len(returned)
    assert Person.objects.filter(household=None).count() == 0
    heads = Person.objects.filter(relation_to_head="01").count()
    assert heads > 0.9 * Household.objects.count()


def test_a_made_up_commune_is_told_the_same_from_workbooks_and_from_csv(tmp_path: Path, settings: Any) -> None:
    settings.HOABAN_FILES = tmp_path / "files"
    synth.write(folder=tmp_path / "synth", people=400, seed=6, communes=[make.NAM_KHAN], images=0, layout=Layout.BOTH)
    places.load_villages(path=tmp_path / "synth" / "places" / "villages.csv", by=make.MAKER, at=now())

    told = [_told(tmp_path / "synth" / "forms" / f"DC01_03174.{ending}") for ending in ("csv", "xlsx")]

    assert told[0] == told[1]
    assert len(told[0]) > 50


def _told(path: Path) -> set[tuple[str, ...]]:
    """What is found in a file, by form; the register is as before afterwards."""
    with transaction.atomic():
        actions.load(path=path, by=make.MAKER, at=now())
        found = Finding.objects.values_list("row__serial", "row__line", "field", "code", "value", "proposal")
        told = {tuple(map(str, one)) for one in found}
        transaction.set_rollback(True)
    return told
