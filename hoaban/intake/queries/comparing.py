"""What the register knows of a span of rows, asked in the transaction that enters them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import polars as pl

from hoaban.intake.engine import likeness
from hoaban.intake.queries.desk import serials_of
from hoaban.people import queries as register

FEW = 3_000  # rows for which the whole register needn't be fetched


class People:
    """Everybody in the register with whom rows are compared, kept up to date from span to span.

    For one small file only those are fetched who share a birth or a name with its rows.
    """

    def __init__(self, rows: pl.DataFrame | None = None) -> None:
        self._narrow: dict[str, Any] = {}
        if rows is not None and len(rows) <= FEW:
            self._narrow = {"born": _texts(rows["_born"]), "names": _texts(rows["_name_fold"])}
        self._frames: list[pl.DataFrame] = []
        self._newest = 0

    def fetch_newer(self) -> None:
        """Fetch who was entered since, by whomever."""
        for piece in register.likenesses(self._newest, **self._narrow):
            self._frames.append(likeness.of_people(piece))
        if self._narrow:
            self._newest = register.newest()
        elif self._frames:
            self._newest = max(self._newest, self._frames[-1]["id"][-1])

    def add(self, rows: pl.DataFrame, ids: pl.Series) -> None:
        """Rows that were entered just now, under these ids."""
        if len(ids):
            self._frames.append(likeness.of_rows(rows).with_columns(ids.cast(pl.Int64).alias("id")))
            self._newest = max(self._newest, *ids)

    def alike(self, rows: pl.DataFrame) -> pl.DataFrame:
        """For lines of rows the person or the row above that is alike: line, other (negative for a line)."""
        own = likeness.of_rows(rows)
        if len(self._frames) > 16:
            self._frames = [pl.concat(self._frames)]
        found = likeness.alike(own, pl.concat([*self._frames, own]))
        return found.select(line=-pl.col("id"), other="other")


def with_what_is_known(rows: pl.DataFrame, people: People) -> pl.DataFrame:
    """The rows with the columns of `desk.KNOWN`; `_serial_known` and `_settled` are there already."""
    people.fetch_newer()
    numbers = _frame(register.holders(_texts(rows["_number"])), "_number", "_number_person", "_number_holder")
    alike = people.alike(rows)
    old = _frame(register.old_holders(_texts(rows["_number9"])), "_number9", "_old_person", "_old_holder")
    held = rows.select("line", "_number9", "_name_fold").join(old, on="_number9")
    others = held.filter(pl.col("_old_holder") != pl.col("_name_fold"))
    same = held.filter(pl.col("_old_holder") == pl.col("_name_fold")).select("line", other="_old_person")
    alike = pl.concat([alike, same]).group_by("line").agg(_alike_person=pl.col("other").max())
    rows = (
        rows.join(numbers.unique("_number"), on="_number", how="left", maintain_order="left")
        .join(others.group_by("line").agg(pl.col("_old_person").first()), on="line", how="left", maintain_order="left")
        .join(alike, on="line", how="left", maintain_order="left")
        .join(_headed(rows), on=["commune_code", "_household_code"], how="left", maintain_order="left")
    )
    serials = _serials(rows)
    return rows.with_columns(
        pl.col("_headed").fill_null(value=False),
        _old_number_held=pl.col("_old_person").is_not_null(),
        _alike=pl.col("_alike_person").is_not_null(),
        _number_other=_looked_up("_number_person", serials),
        _old_number_other=_looked_up("_old_person", serials),
        _alike_other=_looked_up("_alike_person", serials),
    )


def _serials(rows: pl.DataFrame) -> dict[int, str]:
    """The serials of the forms of everybody found, by person; of rows of the span by negative line."""
    found = pl.concat(rows[name].drop_nulls() for name in ("_number_person", "_old_person", "_alike_person")).unique()
    above = rows.filter((-pl.col("line")).is_in(found.implode())).select("line", "form_serial").rows()
    return serials_of(found.filter(found > 0).to_list()) | {-line: serial for line, serial in above}


def _looked_up(column: str, serials: dict[int, str]) -> pl.Expr:
    if not serials:
        return pl.lit(None, dtype=pl.String)
    return pl.col(column).replace_strict(serials, default="", return_dtype=pl.String)


def _headed(rows: pl.DataFrame) -> pl.DataFrame:
    homes = rows.select("commune_code", "_household_code").unique()
    headed = register.headed_households(homes["commune_code"].to_list(), homes["_household_code"].to_list())
    return pl.DataFrame(headed, schema=homes.schema, orient="row").with_columns(_headed=pl.lit(value=True))


def _frame(found: Iterable[Any], number: str, person: str, name: str) -> pl.DataFrame:
    return pl.DataFrame(list(found), schema={number: pl.String, person: pl.Int64, name: pl.String}, orient="row")


def _texts(column: pl.Series) -> list[str]:
    return column.filter(column.is_not_null() & (column != "")).unique().to_list()
