"""New people over columns: derived names, households, name keys, numbers, residences.

Frames of people have the columns of `rules.NewPerson`; those with ids have `id`, `household_id` and
what `derived` adds.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable

import polars as pl

from hoaban.audit import rules as audit
from hoaban.base import names
from hoaban.people.rules import Life, NewPerson, ResidenceKind

HEAD = "01"  # code list relationship_to_head
PERSON_COLUMNS = [
    "id", "number", "number9", "full_name", "other_name", "name_fold", "sort_key", "sex", "born", "blood", "marital",
    "ethnicity", "religion", "nationality", "birth_place", "birth_reg_place", "origin_place", "commune_code",
    "village_code", "household_id", "relation_to_head", "residence_file", "phone", "email", "life", "simulated",
    "established_at", "version",
]  # fmt: skip
_FIELDS = dataclasses.fields(NewPerson)


def with_defaults(people: pl.DataFrame) -> pl.DataFrame:
    """All columns of a new person; those that the frame lacks take their defaults."""
    return people.select(
        pl.col(field.name) if field.name in people.columns else pl.lit(field.default).alias(field.name)
        for field in _FIELDS
    )


def over_distinct(column: pl.Series, read: Callable[[str], str]) -> pl.Series:
    """A plain function of text applied once to each distinct value of a column."""
    distinct = column.unique()
    results = pl.Series([read(value) for value in distinct], dtype=pl.String)
    return column.replace_strict(distinct, results, return_dtype=pl.String)


def derived(people: pl.DataFrame, ids: list[int], at: dt.datetime) -> pl.DataFrame:
    """The people with their ids and what the register computes of them."""
    return people.with_columns(
        pl.Series("id", ids, dtype=pl.Int64),
        over_distinct(people["full_name"], names.fold).alias("name_fold"),
        over_distinct(people["full_name"], names.sort_key).alias("sort_key"),
        life=pl.lit(Life.LIVING.value),
        established_at=pl.lit(at),
        version=pl.lit(1),
    )


def households(people: pl.DataFrame) -> pl.DataFrame:
    """The households named by these people, each at the place of its head, or of its first member."""
    return (
        people.filter(pl.col("household_code") != "")
        .sort(pl.col("relation_to_head") != HEAD, maintain_order=True)
        .group_by("commune_code", "household_code", maintain_order=True)
        .agg(pl.first("village_code", "established_at"), address=pl.first("permanent_address"))
        .rename({"household_code": "code"})
    )


def name_keys(people: pl.DataFrame) -> pl.DataFrame:
    """One row for each distinct word of each person's names."""
    written = pl.col("name_fold")
    if (people["other_name"] != "").any():
        people = people.with_columns(over_distinct(people["other_name"], names.fold).alias("other_fold"))
        written = written + " " + pl.col("other_fold")
    words = written.str.extract_all(r"[a-z0-9]+")
    return people.select("commune_code", person_id="id", token=words).explode("token").unique()


def numbers(people: pl.DataFrame) -> pl.DataFrame:
    """The numbers that these people have."""
    numbered = people.filter(pl.col("number") != "")
    return numbered.select("number", person_id="id", given_at="established_at", reason=pl.lit(""))


def residences(people: pl.DataFrame) -> pl.DataFrame:
    """Permanent residences, in the commune of the form, and the places where somebody stays meanwhile.

    Since when is unknown, and so is the commune of a current address, which is only text.
    """
    permanent = people.filter(pl.col("permanent_address") != "").select(
        "commune_code",
        "village_code",
        "source",
        person_id="id",
        kind=pl.lit(ResidenceKind.PERMANENT.value),
        address="permanent_address",
        recorded_at="established_at",
    )
    current = people.filter(pl.col("current_address") != "").select(
        "source",
        commune_code=pl.lit(""),
        village_code=pl.lit(""),
        person_id="id",
        kind=pl.lit(ResidenceKind.CURRENT.value),
        address="current_address",
        recorded_at="established_at",
    )
    return pl.concat([permanent, current], how="diagonal")


def beginnings(people: pl.DataFrame, field: str, by_id: str, by_name: str) -> pl.DataFrame:
    """For each person the change that says when and from where their record came."""
    return people.select(
        "source",
        "reason",
        person_id="id",
        field=pl.lit(field),
        old=pl.lit(""),
        new=pl.lit(""),
        version=pl.lit(1),
        by_id=pl.lit(by_id),
        by_name=pl.lit(by_name),
        recorded_at="established_at",
    )


def root_of(changes: pl.DataFrame) -> str:
    """The Merkle root of a chunk of changes, which one line of the audit holds for all of them."""
    return audit.root([audit.leaf(row) for row in changes.iter_rows(named=True)]).hex()
