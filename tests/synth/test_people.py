"""The people: their ages, households, names and numbers make sense."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from hoaban.base.id_number import IdNumber
from hoaban.base.partial_date import PartialDate
from hoaban.synth import queries
from hoaban.synth.engine import facts

HEAD, WIFE, HUSBAND, CHILD = "01", "02", "03", "04"


@pytest.fixture(scope="module")
def people(province: Path) -> pl.DataFrame:
    return queries.people(province).with_columns(year=pl.col("born").str.slice(0, 4).cast(pl.Int64))


def test_there_are_exactly_as_many_as_ordered_and_all_are_marked(people: pl.DataFrame) -> None:
    assert people.height == 20_000
    assert people["true_id"].n_unique() == 20_000
    assert people["synthetic"].unique().to_list() == ["1"]


def test_communes_share_the_people_by_their_population() -> None:
    communes = facts.communes()

    shares = facts.shared_out(100_003, np.array([c.population for c in communes], dtype=np.float64))

    assert sum(shares) == 100_003
    whole = sum(c.population for c in communes)
    assert all(abs(n - 100_003 * c.population / whole) < 1 for n, c in zip(shares, communes, strict=True))


def test_ages_and_sexes_are_those_of_the_province(people: pl.DataFrame, province: Path) -> None:
    filled = pl.col("filled_on").str.to_date("%d/%m/%Y")
    born = pl.col("born").str.to_date("%Y-%m-%d", strict=False)
    first = queries.owners(province).unique("true_id", keep="first", maintain_order=True)
    aged = people.join(first, on="true_id").join(queries.forms(province), on="form_serial")
    ages = aged.select(
        pl.coalesce(((filled - born).dt.total_days() / 365.25).floor(), filled.dt.year() - pl.col("year"))
    ).to_series()
    starts, shares = facts.age_shares()

    group = np.searchsorted(starts, ages.to_numpy(), side="right") - 1
    for sex, column in (("M", 0), ("F", 1)):
        found = np.bincount(group[(aged["gender"] == sex).to_numpy()], minlength=len(starts)) / len(ages)
        assert np.abs(found - shares[:, column]).max() < 0.006


def test_the_ethnic_mix_is_that_of_the_district(people: pl.DataFrame) -> None:
    expected = dict(zip(facts.group_codes(), facts.groups_in("103"), strict=True))

    found = dict(people["ethnicity"].value_counts(normalize=True).iter_rows())

    assert all(abs(found.get(code, 0) - share) < 0.03 for code, share in expected.items())


def test_every_household_has_one_head_whom_all_name(people: pl.DataFrame) -> None:
    heads = people.filter(pl.col("relation") == HEAD)

    assert heads["household_id"].n_unique() == heads.height == people["household_id"].n_unique()
    assert (heads["head_id"] == heads["true_id"]).all()
    named = people.join(heads.select("household_id", head="true_id"), on="household_id")
    assert (named["head_id"] == named["head"]).all()


def test_heads_are_grown_up(people: pl.DataFrame) -> None:
    assert people.filter(pl.col("relation") == HEAD)["year"].max() <= 2005  # type: ignore[operator]


def test_couples_name_each_other(people: pl.DataFrame) -> None:
    married = people.filter(pl.col("spouse_id") != "")
    partner = people.select(spouse_id="true_id", back="spouse_id", partner_gender="gender", at="household_id")

    couples = married.join(partner, on="spouse_id", how="left")

    assert (couples["back"] == couples["true_id"]).all()
    assert (couples["partner_gender"] != couples["gender"]).all()
    assert (couples["at"] == couples["household_id"]).all()
    assert (couples["marital"] == "2").all()


def test_relations_agree_with_sex(people: pl.DataFrame) -> None:
    assert people.filter(pl.col("relation") == WIFE)["gender"].unique().to_list() == ["F"]
    assert people.filter(pl.col("relation") == HUSBAND)["gender"].unique().to_list() == ["M"]


@pytest.mark.parametrize("parent", ["father", "mother"])
def test_children_are_sixteen_years_younger_than_their_parents(people: pl.DataFrame, parent: str) -> None:
    above = people.select(pl.col("true_id").alias(f"{parent}_id"), parent_year="year", parent_gender="gender")

    pairs = people.filter(pl.col(f"{parent}_id") != "").join(above, on=f"{parent}_id")

    assert pairs.height > 3_000
    assert (pairs["year"] - pairs["parent_year"] >= 16).all()
    assert pairs["parent_gender"].unique().to_list() == ["M" if parent == "father" else "F"]


def test_children_bear_their_fathers_family_name_and_wives_their_own(people: pl.DataFrame) -> None:
    family = people.with_columns(pl.col("full_name", "father_name", "spouse_name").str.split(" ").list.first())
    children = family.filter(pl.col("father_name") != "")
    wives = family.filter((pl.col("gender") == "F") & (pl.col("spouse_name") != ""))

    assert (children["full_name"] == children["father_name"]).all()
    assert (wives["full_name"] != wives["spouse_name"]).mean() > 0.6  # type: ignore[operator]


def test_housemates_have_different_names(people: pl.DataFrame) -> None:
    repeated = people.group_by("household_id", "full_name").len().filter(pl.col("len") > 1)

    assert repeated.height <= 3


def test_numbers_follow_the_decree_and_are_held_once(people: pl.DataFrame) -> None:
    numbered = people.filter(pl.col("id12") != "")

    assert 0.6 < numbered.height / people.height < 0.8
    assert numbered["id12"].n_unique() == numbered.height
    for number, gender, born in numbered.select("id12", "gender", "born").iter_rows():
        assert not IdNumber.parse(number).disagreements(gender, PartialDate.parse(born))


def test_old_numbers_are_for_grown_ups_and_held_once(people: pl.DataFrame) -> None:
    holders = people.filter(pl.col("id9") != "")

    assert holders["id9"].str.contains(r"^04\d{7}$").all()
    assert holders["id9"].n_unique() == holders.height
    assert holders["year"].max() <= 2006  # type: ignore[operator]


def test_many_of_the_old_know_only_their_year_of_birth(people: pl.DataFrame) -> None:
    old, young = people.filter(pl.col("year") < 1960), people.filter(pl.col("year") > 2000)

    assert (old["dob_precision"] == "year").mean() > 0.5  # type: ignore[operator]
    assert (young["dob_precision"] == "day").all()
    assert (people["born"].str.len_chars() == 4).equals(people["dob_precision"] == "year")


def test_villages_lie_nearest_to_their_own_seat(province: Path) -> None:
    villages = pl.read_csv(queries.villages_file(province), infer_schema=False)
    seats = {c.code: (c.lat, c.lon) for c in facts.communes()}

    assert villages.columns == ["code", "commune_code", "name", "lat", "lon", "invented"]
    assert villages["code"].n_unique() == villages.height
    assert villages["invented"].unique().to_list() == ["1"]
    squeeze = float(np.cos(np.radians(22.0)))
    for commune, lat, lon in villages.select("commune_code", "lat", "lon").iter_rows():
        away = {
            code: (float(lat) - seat[0]) ** 2 + ((float(lon) - seat[1]) * squeeze) ** 2 for code, seat in seats.items()
        }
        assert min(away, key=lambda code: away[code]) == commune


def test_a_village_has_about_ninety_five_households(people: pl.DataFrame) -> None:
    households = people["household_id"].n_unique() / people["village_code"].n_unique()

    assert 75 < households < 115
