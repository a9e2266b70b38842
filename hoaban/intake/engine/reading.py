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
from hoaban.base.dc01 import COLUMNS
from hoaban.base.partial_date import PartialDate
from hoaban.intake.rules import SYNTHETIC
from hoaban.people import rules as people

_READ = (
    "full_name", "blood", "gender", "marital", "ethnicity", "nationality", "religion", "id12", "id9",
    "father_name", "father_id", "mother_name", "mother_id", "spouse_name", "spouse_id", "rep_name",
    "rep_id", "rel_to_head",
)  # fmt: skip
_LONGEST = {"perm_address": 300, "cur_address": 300, "birth_reg_place": 300, "origin_place": 300}
_FOLDED = {"full_name": "_name_fold", "father_name": "_father_fold", "mother_name": "_mother_fold",
           "spouse_name": "_spouse_fold"}  # fmt: skip
_PRECISIONS = {"ngay": "day", "thang": "month", "nam": "year"}  # folded
_NOT_SAID = {"form_serial", "filled_on", "officer"}  # what two papers of one statement may differ in


def with_identity(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with their text as JSON, and a hash over the columns of the form."""
    written = [name for name in rows.columns if not name.startswith("_") and name != "line"]
    as_came = rows.select(written)
    if "_commune_written" in rows.columns:
        as_came = as_came.with_columns(rows["_commune_written"].alias("commune_code"))
    form = as_came.select(pl.struct(COLUMNS).struct.json_encode()).to_series()
    hashes = pl.Series("row_hash", [hashlib.blake2b(text.encode(), digest_size=16).hexdigest() for text in form])
    return rows.with_columns(hashes, as_came.select(written=pl.struct(written).struct.json_encode()).to_series())


def with_read_columns(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with every read column of their own; those of the household need the whole household (`context`)."""
    folded = {name: over_distinct(rows[name], names.fold).alias(to) for name, to in _FOLDED.items()}
    read = rows.with_columns(
        *(over_distinct(rows[name], partial(people.read, name)).alias(_read_name(name)) for name in _READ),
        *(pl.col(name).str.slice(0, longest).alias(_read_name(name)) for name, longest in _LONGEST.items()),
        *folded.values(),
        _born(rows).alias("_born"),
        over_distinct(rows["filled_on"], _day).alias("_filled_on"),
        over_distinct(rows["birth_reg_place"], _province).alias("_birth_province"),
        pl.col("head_id").str.replace_all(r"[\s.]", "").alias("_head_number"),
        pl.struct(sorted(set(COLUMNS) - _NOT_SAID)).hash().alias("_said"),
        pl.col("form_serial").str.starts_with(SYNTHETIC).alias("_simulated"),
    )
    return read.with_columns(
        pl.col("_name_fold").str.extract(r"^(\S+)").alias("_family_fold"),
        pl.col("_mother_fold").str.extract(r"^(\S+)").alias("_mother_family"),
        pl.col("_number").str.slice(0, 3).alias("_number_province"),
        pl.when(pl.col("_number").fill_null("") != "").then("_number").otherwise("_number9").alias("_number_or_old"),
    )


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


def folded(column: pl.Series) -> pl.Series:
    """The column without tone marks, in small letters."""
    return over_distinct(column, names.fold)


def _read_name(column: str) -> str:
    return f"_{people.fact_of(column).name}"


def over_distinct(column: pl.Series, read: Callable[[str], str]) -> pl.Series:
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
    precision = folded(rows["dob_precision"]).replace(_PRECISIONS)
    together = pl.select(rows["dob"] + "|" + precision).to_series()

    def read(text: str) -> str:
        dob, _bar, known = text.partition("|")
        return people.read_born(dob, known) if dob else ""

    return over_distinct(together, read)


def _day(text: str) -> str:
    return str(PartialDate.parse(people.read_born(text)).earliest()) if text else ""


def _province(text: str) -> str:
    try:
        return people.province_of(text)
    except people.BirthPlaceUnknown:
        return ""
