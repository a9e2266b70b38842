"""What a row is judged against beside itself: the map, its household, the habits of its village and writer.

A file is laid out once (`laid_out`): families together, cut into spans at the borders of households.
Each span is then read (`read`) and judged by itself, so that a load may stop between any two.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import polars as pl

from hoaban.intake.engine import reading
from hoaban.intake.engine.desk.pattern import ENOUGH
from hoaban.intake.engine.oldmap import Map
from hoaban.people.rules import CodeKind

VILLAGES: dict[str, type[pl.DataType]] = {
    "commune_code": pl.String, "_village_fold": pl.String, "_village_code": pl.String, "_village_now": pl.String,
}  # fmt: skip
WHOLE = 50  # rows from which on a file is taken for a village's or a commune's (assumed)
_HOUSEHOLD = ["commune_code", "_household_code"]
_OF_HEAD = {
    "_born": "_heads_born", "_father_fold": "_heads_father", "_mother_fold": "_heads_mother",
    "_spouse_fold": "_heads_spouse", "_spouse_number": "_heads_spouse_number",
    "_father_number": "_heads_father_number", "_mother_number": "_heads_mother_number",
}  # fmt: skip
ADDRESSES = ("birth_reg_place", "origin_place", "perm_address", "cur_address")
_MENTIONS = ("father", "mother", "spouse", "head")


@dataclass(frozen=True)
class Surroundings:
    """What doesn't change during a load.

    `villages` has the columns `VILLAGES`: the code under a name folded, and the present name where that one
    is old. `commune_names` are the codes of communes by folded name. `received` is the day the file came.
    `later_keys` are codes that were used again, with the key and the first day of the later unit.
    """

    communes: frozenset[str]
    covered: frozenset[str]
    commune_names: dict[str, str]
    villages: pl.DataFrame
    synthetic_allowed: bool
    received: str
    default_commune: str = ""
    map: Map = field(default_factory=Map)
    later_keys: tuple[tuple[str, str, str], ...] = ()


def laid_out(table: pl.DataFrame, around: Surroundings) -> pl.DataFrame:
    """All rows of a file with their line, household and span-free columns, families together.

    NUL, which no table of PostgreSQL can hold, becomes the replacement sign; the file keeps it.
    """
    rows = table.with_columns(pl.all().str.replace_all("\x00", "\ufffd", literal=True))
    if "line" in rows.columns:
        rows = rows.rename({"line": "line_"})
    rows = (
        rows.with_columns(pl.col("commune_code").alias("_commune_written"), _commune_key(around).alias("commune_code"))
        .with_columns(
            pl.int_range(2, pl.len() + 2).alias("line"),
            reading.folded(rows["village"]).alias("_village_fold"),
            reading.folded(rows["head_name"]).alias("_head_fold"),
            _whole_file=pl.len() >= WHOLE,
        )
        .with_columns(_household_code().alias("_household_code"))
    )
    rows = _with_mentions(_with_patterns(rows))
    return rows.sort(_HOUSEHOLD, maintain_order=True)


def _commune_key(around: Surroundings) -> pl.Expr:
    """The key of the commune that is written, or of the file's where none is: a code may have been used before."""
    written = pl.col("commune_code")
    code = pl.when(written == "").then(pl.lit(around.default_commune)).otherwise(written)
    day, month, year = (pl.col("filled_on").str.extract(r"^\s*(\d{1,2})\D(\d{1,2})\D(\d{4})", n) for n in (1, 2, 3))
    filled_on = pl.concat_str([year, month.str.zfill(2), day.str.zfill(2)], separator="-")
    key = code
    for again, later_key, since in around.later_keys:
        key = pl.when((code == again) & (filled_on >= since)).then(pl.lit(later_key)).otherwise(key)
    return key


def spans(rows: pl.DataFrame, rows_at_once: int) -> Iterator[pl.DataFrame]:
    """The laid-out rows in pieces of about that size, no household in two pieces unless it's a piece by itself."""
    place = pl.col("place")
    first = place.first().over(_HOUSEHOLD)
    is_one = (pl.col("_household_code") != "") & (place.cast(pl.Int64) - first.cast(pl.Int64) < rows_at_once)
    starts = pl.when(is_one).then(first).otherwise(place)
    at = rows.with_row_index("place").select((starts // rows_at_once).cum_max().alias("span")).to_series()
    for number in at.unique(maintain_order=True):
        yield rows.filter(at == number)


def read(span: pl.DataFrame, around: Surroundings) -> pl.DataFrame:
    """A span with every column that the rules of the paper need."""
    rows = reading.with_read_columns(reading.with_identity(span))
    rows = rows.unique(["form_serial", "row_hash"], keep="first", maintain_order=True)
    rows = rows.join(around.villages, on=["commune_code", "_village_fold"], how="left", maintain_order="left")
    return _with_head(rows).with_columns(
        *(reading.over_distinct(rows[name], around.map.now).alias(f"_{name}_now") for name in ADDRESSES),
        _commune_known=pl.col("commune_code").is_in(sorted(around.communes)),
        _commune_covered=pl.col("commune_code").is_in(sorted(around.covered)),
        _commune_named=reading.folded(rows["commune_code"]).replace_strict(
            around.commune_names, default=None, return_dtype=pl.String
        ),
        _synthetic_allowed=pl.lit(around.synthetic_allowed),
        _received=pl.lit(around.received),
    )


def _with_head(rows: pl.DataFrame) -> pl.DataFrame:
    """Each row with the facts of its head's form, how many heads its household has and how many stand before."""
    is_head = (pl.col("_relation_to_head") == "01").fill_null(value=False)
    heads = rows.filter(is_head, pl.col("_household_code") != "").select(*_HOUSEHOLD, **{
        to: pl.col(name) for name, to in _OF_HEAD.items()
    }).unique(_HOUSEHOLD, keep="first")  # fmt: skip
    return rows.join(heads, on=_HOUSEHOLD, how="left", maintain_order="left").with_columns(
        is_head.cast(pl.Int32).sum().over(_HOUSEHOLD).alias("_heads"),
        (is_head.cast(pl.Int32).cum_sum().over(_HOUSEHOLD) - 1).alias("_heads_before"),
        (pl.int_range(pl.len()).over(_HOUSEHOLD) == 0).alias("_first_of_household"),
    )


def _household_code() -> pl.Expr:
    """The commune's key of a household: its book, or its head's number, or the head's name in the village."""
    return (
        pl.when(pl.col("book_no") != "")
        .then(pl.lit(f"{CodeKind.BOOK} ") + pl.col("book_no"))
        .when(pl.col("head_id") != "")
        .then(pl.lit(f"{CodeKind.HEAD} ") + pl.col("head_id"))
        .when(pl.col("_head_fold") != "")
        .then(pl.lit(f"{CodeKind.NAMED} ") + (pl.col("_village_fold") + "/" + pl.col("_head_fold")).str.slice(0, 34))
        .otherwise(pl.lit(""))
        .str.slice(0, 40)
    )


def _with_patterns(rows: pl.DataFrame) -> pl.DataFrame:
    """Shares over the rows of a village and of a writer; a small file has no pattern."""
    village, writer = ["commune_code", "_village_fold"], ["commune_code", "officer"]
    rows = rows.with_columns(
        pl.col("dob").str.extract(r"(\d{4})\s*$").alias("_dob_year"),
        pl.col("dob").str.extract(r"^\s*(\d{1,2})[/.-]\d{1,2}[/.-]\d{4}").alias("_dob_day"),
        pl.col("dob").str.contains(r"^\s*0?1[/.-]0?1[/.-]").alias("_born_new_year"),
    ).with_columns(pl.col("_dob_year").str.contains("[05]$").fill_null(value=False).alias("_round_year"))
    rows = rows.join(
        rows.group_by(village).agg(_village_rows=pl.len(), _village_new_years=pl.col("_born_new_year").mean()),
        on=village, how="left", maintain_order="left",
    ).join(
        rows.group_by(writer).agg(
            _writer_rows=pl.len(), _writer_round_years=pl.col("_round_year").mean(), _days=pl.col("_dob_day").count(),
        ),
        on=writer, how="left", maintain_order="left",
    )  # fmt: skip
    counted = {
        "_village_year": [*village, "_dob_year"], "_writer_day": [*writer, "_dob_day"],
        "_writer_day_rows": [*writer, "filled_on"],
    }  # fmt: skip
    for name, by in counted.items():
        rows = rows.join(rows.group_by(by).agg(pl.len().alias(name)), on=by, how="left", maintain_order="left")
    known_days = pl.max_horizontal(pl.col("_days"), pl.lit(ENOUGH))
    return rows.with_columns(
        (pl.col("_village_year") / pl.col("_village_rows")).alias("_village_year_share"),
        pl.when(~pl.col("_born_new_year").fill_null(value=False))
        .then(pl.col("_writer_day") / known_days)
        .alias("_writer_day_share"),
    )


def _with_mentions(rows: pl.DataFrame) -> pl.DataFrame:
    """How the other forms write this person's name, where two or more that name the number agree."""
    said = pl.concat(
        rows.filter(pl.col(f"{who}_id") != "", pl.col("full_name") != pl.col(f"{who}_name")).select(
            number=pl.col(f"{who}_id"), name=pl.col(f"{who}_name").str.to_uppercase()
        )
        for who in _MENTIONS
    )
    agreed = (
        said.group_by("number")
        .agg(pl.col("name").first(), n=pl.len(), kinds=pl.col("name").n_unique())
        .filter(pl.col("n") >= 2, pl.col("kinds") == 1)
        .select("number", _name_by_others="name")
    )
    own = pl.when(pl.col("id12") != "").then("id12").otherwise("id9").alias("number")
    return rows.with_columns(own).join(agreed, on="number", how="left", maintain_order="left").drop("number")
