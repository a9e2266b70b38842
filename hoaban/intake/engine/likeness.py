"""The same person on two forms, told without a number: name, birth and parents, of which one may be wrong.

Three keys, each of two of the three: name with birth (and a parent), name with both parents, birth with
both parents. People alike by a key must agree in the rest as far as it's written.
"""

from __future__ import annotations

import polars as pl

from hoaban.intake.engine import reading

YEARS_OFF = 3  # how far a wrongly written year may be from the right one
_KEYS = ("_by_birth", "_by_parents", "_by_family")


def keyed(people: pl.DataFrame) -> pl.DataFrame:
    """The people with their keys: columns id, name_fold, sex, born, father, mother (folded) in, keys added."""
    born = pl.col("born").str.replace("-01-01$", "")  # 1 January may stand for a year
    both = (pl.col("father") != "") & (pl.col("mother") != "")
    parents = [pl.col("father"), pl.col("mother")]
    return people.select(
        "id",
        "name_fold",
        "sex",
        pl.col("born").str.slice(0, 4).cast(pl.Int16, strict=False).alias("year"),
        pl.when(pl.col("father") != "").then(pl.col("father").hash()).alias("_father"),
        pl.when(pl.col("mother") != "").then(pl.col("mother").hash()).alias("_mother"),
        pl.concat_str([pl.col("name_fold"), born], separator="|").hash().alias("_by_birth"),
        pl.when(both).then(pl.concat_str([pl.col("name_fold"), *parents], separator="|").hash()).alias("_by_parents"),
        pl.when(both).then(pl.concat_str([born, *parents], separator="|").hash()).alias("_by_family"),
    )


def of_rows(rows: pl.DataFrame) -> pl.DataFrame:
    """The keys of read rows of forms, their line negative in place of an id."""
    return keyed(
        rows.select(
            id=-pl.col("line"),
            name_fold=pl.col("_name_fold").fill_null(""),
            sex=pl.col("_sex").fill_null(""),
            born=pl.col("_born").fill_null(""),
            father=pl.col("_father_fold").fill_null(""),
            mother=pl.col("_mother_fold").fill_null(""),
        )
    )


def of_people(people: pl.DataFrame) -> pl.DataFrame:
    """The keys of people of the register, whose parents' names aren't folded yet."""
    return keyed(
        people.select(
            "name_fold", "sex", "born",
            id="person_id",
            father=reading.folded(people["father"]),
            mother=reading.folded(people["mother"]),
        )
    )  # fmt: skip


def alike(rows: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """For each of these rows the first who is alike: id, other. `known` may hold the rows themselves too.

    A row is never alike itself nor a row below it (ids of rows are their negative lines).
    """
    found = []
    for key in _KEYS:
        pairs = rows.filter(pl.col(key).is_not_null(), pl.col("name_fold") != "").join(
            known.filter(pl.col(key).is_in(rows[key].implode())), on=key, suffix="_k"
        )
        above = (pl.col("id_k") > 0) | (pl.col("id_k") > pl.col("id"))
        found.append(pairs.filter(above, (pl.col("sex") == pl.col("sex_k")) | (pl.col("sex") == ""), _agree(key)))
    both = pl.concat(one.select("id", other="id_k") for one in found)
    return both.group_by("id").agg(pl.col("other").max())


def _agree(key: str) -> pl.Expr:
    """What two people alike by a key must agree in besides."""
    if key == "_by_birth":
        father, mother = (pl.col(name) == pl.col(f"{name}_k") for name in ("_father", "_mother"))
        return father.fill_null(value=False) | mother.fill_null(value=False)
    if key == "_by_parents":
        return (pl.col("year") - pl.col("year_k")).abs() <= YEARS_OFF
    mine, theirs = pl.col("name_fold").str.split(" "), pl.col("name_fold_k").str.split(" ")
    return theirs.list.contains(mine.list.last()) | mine.list.contains(theirs.list.last())
