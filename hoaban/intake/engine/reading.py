"""Reading forms over columns: each written column gets a read one beside it.

A read column is named like the register's fact with a leading underscore. It's null where what is
written can't be read and "" where nothing is written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import partial

import polars as pl

from hoaban.base import names
from hoaban.base.partial_date import PartialDate
from hoaban.intake.rules import COLUMNS, SYNTHETIC
from hoaban.people import rules as people

_READ = (
    "full_name", "blood", "gender", "marital", "ethnicity", "nationality", "religion", "id12", "id9",
    "father_name", "father_id", "mother_name", "mother_id", "spouse_name", "spouse_id", "rep_name",
    "rep_id", "rel_to_head",
)  # fmt: skip
_LONGEST = {"perm_address": 300, "cur_address": 300, "birth_reg_place": 300, "origin_place": 300}


def with_identity(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with their line, their text as JSON, and a hash over the columns of the form.

    NUL, which no table of PostgreSQL can hold, becomes the replacement sign; the file keeps it.
    """
    rows = rows.with_columns(pl.all().str.replace_all("\x00", "\ufffd", literal=True))
    form = rows.select(pl.struct(COLUMNS).struct.json_encode()).to_series()
    hashes = pl.Series("row_hash", [hashlib.blake2b(text.encode(), digest_size=16).hexdigest() for text in form])
    return rows.with_columns(
        hashes, pl.struct(pl.all()).struct.json_encode().alias("written"), pl.int_range(2, pl.len() + 2).alias("line")
    )


def with_read_columns(rows: pl.DataFrame, villages: pl.DataFrame) -> pl.DataFrame:
    """The rows with every read column. `villages` has commune_code, name_fold, code."""
    read = rows.with_columns(
        *(_over_distinct(rows[name], partial(people.read, name)).alias(_read_name(name)) for name in _READ),
        *(pl.col(name).str.slice(0, longest).alias(_read_name(name)) for name, longest in _LONGEST.items()),
        _born(rows).alias("_born"),
        _over_distinct(rows["filled_on"], _day).alias("_filled_on"),
        _over_distinct(rows["village"], names.fold).alias("_village_fold"),
        _over_distinct(rows["head_name"], names.fold).alias("_head_fold"),
        pl.col("form_serial").str.starts_with(SYNTHETIC).alias("_simulated"),
    ).with_columns(_household_code().alias("_household_code"))
    named = villages.rename({"name_fold": "_village_fold", "code": "_village_code"})
    return read.join(named, on=["commune_code", "_village_fold"], how="left", maintain_order="left")


def new_people(rows: pl.DataFrame) -> pl.DataFrame:
    """The register's columns of these read rows; what can't be read is left unknown."""
    facts = [
        "full_name", "sex", "born", "number", "number9", "blood", "marital", "ethnicity", "religion",
        "nationality", "birth_reg_place", "origin_place", "village_code", "permanent_address",
        "current_address", "father_name", "father_number", "mother_name", "mother_number", "spouse_name",
        "spouse_number", "representative_name", "representative_number", "relation_to_head",
        "household_code",
    ]  # fmt: skip
    return rows.select(
        "commune_code",
        *(pl.col(f"_{fact}").fill_null("").alias(fact) for fact in facts),
        simulated="_simulated",
        source=pl.lit(people.source("form", "")) + pl.col("form_serial"),
    )


def _read_name(column: str) -> str:
    return f"_{people.fact_of(column).name}"


def _over_distinct(column: pl.Series, read: Callable[[str], str]) -> pl.Series:
    """A reading function applied once to each distinct text; null where it refuses."""
    distinct = column.unique()
    results = pl.Series([_or_null(read, text) for text in distinct], dtype=pl.String)
    return column.replace_strict(distinct, results, return_dtype=pl.String)


def _or_null(read: Callable[[str], str], text: str) -> str | None:
    try:
        return read(text)
    except (people.Unreadable, ValueError):
        return None


def _born(rows: pl.DataFrame) -> pl.Series:
    """Dates of birth with how much of them is known; "" where none is written."""
    precision = rows["dob_precision"].str.to_lowercase()
    together = pl.select(rows["dob"] + "|" + precision).to_series()

    def read(text: str) -> str:
        dob, _bar, known = text.partition("|")
        return people.read_born(dob, known) if dob else ""

    return _over_distinct(together, read)


def _day(text: str) -> str:
    return str(PartialDate.parse_vietnamese(text).earliest()) if text else ""


def _household_code() -> pl.Expr:
    """The commune's key of a household: its book, or its head's number, or the head's name in the village."""
    return (
        pl.when(pl.col("book_no") != "")
        .then(pl.lit("book ") + pl.col("book_no"))
        .when(pl.col("head_id") != "")
        .then(pl.lit("head ") + pl.col("head_id"))
        .when(pl.col("_head_fold") != "")
        .then(pl.lit("named ") + (pl.col("_village_fold") + "/" + pl.col("_head_fold")).str.slice(0, 34))
        .otherwise(pl.lit(""))
        .str.slice(0, 40)
    )
