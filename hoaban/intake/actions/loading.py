"""Loading a kept file: rows checked over columns, people entered by chunks, each chunk its own transaction.

A load that was killed goes on where it stopped: the lines that are in the table aren't read again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
from django.conf import settings
from django.db import connection, transaction

from hoaban.audit import actions as audit
from hoaban.base import bulk, tables
from hoaban.base.errors import Refusal
from hoaban.intake import queries, rules
from hoaban.intake.actions.receiving import receive
from hoaban.intake.engine import desk, reading
from hoaban.intake.models import Batch, FormRow
from hoaban.people import actions as people
from hoaban.people import queries as people_queries
from hoaban.places import queries as places
from hoaban.web.actor import Actor

Progress = Callable[[int, int], None]  # rows done, rows in all


def load(*, path: Path, by: Actor, at: dt.datetime, progress: Progress | None = None) -> Batch:
    """Receive a file and load it. Raises UnreadableTable, ColumnsMissing, NothingInside."""
    batch = receive(path=path, name=path.name, by=by, at=at)
    return load_received(batch_id=batch.pk, by=by, at=at, progress=progress)


def load_received(*, batch_id: int, by: Actor, at: dt.datetime, progress: Progress | None = None) -> Batch:
    """Load a file that was received; a loaded one is left as it is.

    Runs as the program itself, since a row is compared with the whole register. A file that is refused
    whole keeps the reason. Raises UnreadableTable, ColumnsMissing, NothingInside.
    """
    batch = Batch.objects.get(pk=batch_id)
    if batch.loaded_at is not None:
        return batch
    try:
        rows = _read(batch)
    except Refusal as no:
        Batch.objects.filter(pk=batch_id).update(refusal={"code": no.code, "facts": no.facts})
        raise
    context = _Context(batch)
    stored = pl.DataFrame({"line": queries.lines_of(batch.pk)}, schema={"line": pl.Int64})
    done = len(stored)
    left = rows.join(stored, on="line", how="anti", maintain_order="left")
    for chunk in left.iter_slices(rules.ROWS_AT_ONCE):
        _load_chunk(batch, chunk, context, by, at)
        done += len(chunk)
        if progress:
            progress(done, len(rows))
    return _close(batch, len(rows), by, at)


def _read(batch: Batch) -> pl.DataFrame:
    """The rows of the file with their read columns, families together."""
    table = tables.read(queries.kept_under(batch.sha256, batch.name))
    rules.check_columns(table.columns, batch.name)
    if table.is_empty():
        raise rules.NothingInside(file=batch.name)
    rows = reading.with_read_columns(reading.with_identity(table), _villages(table))
    return rows.sort("commune_code", "_household_code", maintain_order=True)


def _villages(table: pl.DataFrame) -> pl.DataFrame:
    named = [
        (village.commune_code, village.name_fold, village.code)
        for commune in table["commune_code"].unique()
        for village in places.villages_in(commune)
    ]
    columns = dict.fromkeys(("commune_code", "name_fold", "code"), pl.String)
    return pl.DataFrame(named, schema=columns, orient="row").unique(["commune_code", "name_fold"])


class _Context:
    """What doesn't change during a load: communes, whose they are, whether made-up people are taken."""

    def __init__(self, batch: Batch) -> None:
        self.communes = set(places.ever().values_list("key", flat=True))
        self.covered = self.communes if batch.communes == "*" else set(batch.communes.split(","))
        self.synthetic_allowed = bool(settings.HOABAN_SYNTHETIC)


@transaction.atomic
def _load_chunk(batch: Batch, chunk: pl.DataFrame, context: _Context, by: Actor, at: dt.datetime) -> None:
    with connection.cursor() as cursor:  # one load at a time: what one enters the next must see
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('intake.load'))")
    rows = _with_what_is_known(_without_repeats(chunk), context)
    if rows.is_empty():
        return
    found = desk.findings(rows)
    rows = rows.with_columns(
        desk.states(rows["line"], found).alias("state"),
        pl.Series("id", bulk.new_ids("intake_formrow", len(rows)), dtype=pl.Int64),
    )
    accepted = rows.filter(pl.col("state") != rules.RowState.RETURNED.value)
    persons = people.establish_many(people=reading.new_people(accepted), by=by, at=at)
    entered = accepted.select("line", pl.Series("person_id", persons, dtype=pl.Int64))
    bulk.insert(
        "intake_formrow", _form_rows(rows.join(entered, on="line", how="left", maintain_order="left"), batch.pk)
    )
    bulk.insert("intake_finding", found.join(rows.select("line", row_id="id"), on="line").drop("line"))


def _without_repeats(chunk: pl.DataFrame) -> pl.DataFrame:
    """The rows that weren't received before, `_serial_known` where their form was accepted with other facts."""
    known = pl.DataFrame(
        queries.known_rows(chunk["form_serial"].to_list()),
        schema={"form_serial": pl.String, "row_hash": pl.String, "person_id": pl.Int64},
        orient="row",
    )
    settled = known.filter(pl.col("person_id").is_not_null())["form_serial"].implode()
    same = ["form_serial", "row_hash"]
    return (
        chunk.unique(same, keep="first", maintain_order=True)
        .join(known, on=same, how="anti", maintain_order="left")
        .with_columns(_serial_known=pl.col("form_serial").is_in(settled))
    )


def _with_what_is_known(rows: pl.DataFrame, context: _Context) -> pl.DataFrame:
    """The columns with which rules compare a row with the register."""
    numbers = people_queries.known_numbers(_filled(rows["_number"]))
    old_numbers = people_queries.known_old_numbers(_filled(rows["_number9"]))
    homes = rows.select("commune_code", "_household_code").unique()
    headed = people_queries.headed_households(homes["commune_code"].to_list(), homes["_household_code"].to_list())
    heads = pl.DataFrame(headed, schema=homes.schema, orient="row").with_columns(_headed=pl.lit(True))
    return rows.join(heads, on=["commune_code", "_household_code"], how="left", maintain_order="left").with_columns(
        pl.col("_headed").fill_null(False),
        _number_known=_among("_number", numbers),
        _old_number_known=_among("_number9", [number for number, _person in old_numbers]),
        _commune_known=_among("commune_code", context.communes),
        _commune_covered=_among("commune_code", context.covered),
        _synthetic_allowed=pl.lit(context.synthetic_allowed),
    )


def _filled(column: pl.Series) -> list[str]:
    return column.filter(column.is_not_null() & (column != "")).unique().to_list()


def _among(column: str, texts: Any) -> pl.Expr:
    return pl.col(column).is_in(pl.Series(list(texts), dtype=pl.String).implode())


def _form_rows(rows: pl.DataFrame, batch_id: int) -> pl.DataFrame:
    return rows.select(
        "id", "line", "written", "row_hash", "state", "person_id",
        batch_id=pl.lit(batch_id),
        serial=pl.col("form_serial").str.slice(0, 60),
        commune_code=pl.col("commune_code").str.slice(0, 10),
        simulated="_simulated",
    )  # fmt: skip


@transaction.atomic
def _close(batch: Batch, rows: int, by: Actor, at: dt.datetime) -> Batch:
    stored = FormRow.objects.filter(batch=batch).count()
    batch.rows, batch.repeated, batch.loaded_at, batch.refusal = rows, rows - stored, at, None
    batch.save(update_fields=["rows", "repeated", "loaded_at", "refusal"])
    counts = queries.batch(batch.pk)
    audit.record(
        "intake.loaded", f"intake.Batch:{batch.pk}", by=by, at=at,
        facts={"rows": rows, "repeated": batch.repeated, **{
            state.value: getattr(counts, state.value) for state in rules.RowState
        }},
    )  # fmt: skip
    return batch
