"""Who is named as father, mother, spouse or representative, and which person of the register that is.

A number decides. Where none is given, a member of the same household decides whose name and sex fit
and, for a parent, who is old enough; two such members decide nothing.
"""

from __future__ import annotations

import polars as pl

from hoaban.base import names
from hoaban.people.engine.columns import over_distinct
from hoaban.people.rules import RelationKind

NUMBERED = {"number": pl.String, "other_id": pl.Int64}
MEMBERS = {"id": pl.Int64, "household_id": pl.Int64, "name_fold": pl.String, "sex": pl.String, "born": pl.String}
LEAST_YEARS_TO_A_PARENT = 12  # below this no parent is guessed from a name


def declared(people: pl.DataFrame) -> pl.DataFrame:
    """The relations written on the forms: person_id, kind, name, number, and what finding them needs."""
    return pl.concat(_declared(people, kind) for kind in RelationKind)


def _declared(people: pl.DataFrame, kind: RelationKind) -> pl.DataFrame:
    named = people.filter(pl.col(f"{kind}_name") != "")
    return named.select(
        "household_id",
        "sex",
        "born",
        over_distinct(named[f"{kind}_name"], names.fold).alias("name_fold"),
        person_id="id",
        kind=pl.lit(kind.value),
        name=f"{kind}_name",
        number=f"{kind}_number",
    )


def numbers_to_find(relations: pl.DataFrame, people: pl.DataFrame) -> list[str]:
    """The numbers by which somebody outside these people is named."""
    named = relations.filter(pl.col("number") != "").select("number").unique()
    return named.join(own_numbers(people), on="number", how="anti")["number"].to_list()


def own_numbers(people: pl.DataFrame) -> pl.DataFrame:
    """The 12-digit and 9-digit numbers of these people: number, other_id."""
    return pl.concat(
        people.filter(pl.col(name) != "").select(number=name, other_id="id") for name in ("number", "number9")
    )


def found(
    relations: pl.DataFrame, people: pl.DataFrame, *, numbered: pl.DataFrame, members: pl.DataFrame
) -> pl.DataFrame:
    """The rows of the relations table, `other_id` set where one person fits.

    Looked for among these people and those who were there before: `numbered` by number, `members` of
    the same households.
    """
    numbered = pl.concat([numbered, own_numbers(people)])
    members = pl.concat([members, people.select(list(MEMBERS))])
    sure = numbered.unique().filter(pl.col("number").is_unique())
    by_number = relations.join(sure, on="number", how="left", maintain_order="left")
    by_name = _by_name(relations, members)
    linked = by_number.join(by_name, on=["person_id", "kind"], how="left", maintain_order="left").with_columns(
        other_id=pl.coalesce("other_id", "member_id")
    )
    other = pl.when(pl.col("other_id") != pl.col("person_id")).then("other_id")
    return linked.select("person_id", "kind", "name", "number", other_id=other)


def _by_name(relations: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    kind = pl.col("kind")
    fitting_sex = (
        pl.when(kind == RelationKind.FATHER.value)
        .then(pl.col("sex_right") == "M")
        .when(kind == RelationKind.MOTHER.value)
        .then(pl.col("sex_right") == "F")
        .when(kind == RelationKind.SPOUSE.value)
        .then(pl.col("sex_right") != pl.col("sex"))
        .otherwise(pl.lit(True))
    )
    years_older = _year("born") - _year("born_right")
    old_enough = ~kind.is_in(["father", "mother"]) | (years_older >= LEAST_YEARS_TO_A_PARENT)
    return (
        relations.filter(pl.col("household_id").is_not_null(), pl.col("number") == "")
        .join(members.rename({"id": "member_id"}), on=["household_id", "name_fold"])
        .filter(fitting_sex, old_enough, pl.col("member_id") != pl.col("person_id"))
        .group_by("person_id", "kind")
        .agg(pl.col("member_id"))
        .filter(pl.col("member_id").list.len() == 1)
        .with_columns(pl.col("member_id").list.first())
    )


def _year(column: str) -> pl.Expr:
    return pl.col(column).str.slice(0, 4).cast(pl.Int32)
