"""Loading a kept file: rows checked over columns, people entered by spans, each span its own transaction.

While PostgreSQL takes in one span, the next is read and judged in another thread. A load that was
killed goes on where it stopped: spans are cut alike each time, and lines that are in the table stay.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import polars as pl
from django.db import connection, transaction

from hoaban.audit import actions as audit
from hoaban.base import bulk
from hoaban.base.errors import Refusal
from hoaban.intake import queries, rules
from hoaban.intake.actions.receiving import receive
from hoaban.intake.engine import context, desk, mending, reading
from hoaban.intake.models import Batch, FormRow
from hoaban.people import actions as people
from hoaban.web.actor import Actor

Progress = Callable[[int, int], None]  # rows done, rows in all
Judged = tuple[pl.DataFrame, pl.DataFrame]  # a span's rows, and what was found on paper


def load(
    *, path: Path, by: Actor, at: dt.datetime, progress: Progress | None = None, commune: str = "",
    register: queries.People | None = None,
) -> Batch:  # fmt: skip
    """Receive a file and load it; `commune` is that of forms that don't name theirs.

    `register` spares fetching the register again for each of many files. Raises what `load_received` does.
    """
    batch = receive(path=path, name=path.name, by=by, at=at, commune=commune)
    return load_received(batch_id=batch.pk, by=by, at=at, progress=progress, register=register)


def load_received(
    *,
    batch_id: int,
    by: Actor,
    at: dt.datetime,
    progress: Progress | None = None,
    register: queries.People | None = None,
) -> Batch:
    """Load a file that was received; a loaded one is left as it is.

    Runs as the program itself, since a row is compared with the whole register. A file that is refused
    whole keeps the reason. Raises ColumnsMissing, TooManyColumns, NothingInside and what `tables.read` raises.
    """
    batch = Batch.objects.get(pk=batch_id)
    if batch.loaded_at is not None:
        return batch
    try:
        rows, around = _read(batch)
    except Refusal as no:
        Batch.objects.filter(pk=batch_id).update(refusal={"code": no.code, "facts": _as_text(no)})
        raise
    Batch.objects.filter(pk=batch_id).update(rows=len(rows), refusal=None)
    stored, done = queries.lines_of(batch.pk), 0
    for span, found in _judged_ahead(rows, around):
        left = span.filter(~pl.col("line").is_in(stored.implode()))
        register = register or queries.People(span if len(rows) <= rules.ROWS_AT_ONCE else None)
        enter(batch=batch, span=left, found=found, register=register, by=by, at=at)
        done += len(span)
        if progress:
            progress(done, len(rows))
    return _close(batch, len(rows), by, at)


def _as_text(no: Refusal) -> dict[str, str]:
    return {name: str(value) for name, value in no.facts.items()}


def _read(batch: Batch) -> tuple[pl.DataFrame, context.Surroundings]:
    """The rows of the file laid out, proposals that were accepted in a returned workbook carried out."""
    table = queries.table_of(batch)
    rules.check_columns(table.columns, batch.name, has_commune=bool(batch.commune_code))
    if "commune_code" not in table.columns:
        table = table.with_columns(commune_code=pl.lit(""))
    if table.is_empty():
        raise rules.NothingInside(file=batch.name)
    if rules.REFERENCE in table.columns:
        table = mending.carried_out(table, queries.proposals_for)
    around = queries.surroundings(batch, table)
    return context.laid_out(table, around), around


def _judged_ahead(rows: pl.DataFrame, around: context.Surroundings) -> Iterator[Judged]:
    """The spans, read and judged by the paper, always one ahead of the one that is being entered."""

    def judged(span: pl.DataFrame) -> Judged:
        read = context.read(span, around)
        return read, desk.found_on_paper(read)

    with ThreadPoolExecutor(1) as ahead:
        pending = None
        for span in context.spans(rows, rules.ROWS_AT_ONCE):
            coming = ahead.submit(judged, span)
            if pending is not None:
                yield pending.result()
            pending = coming
        if pending is not None:
            yield pending.result()


@transaction.atomic
def enter(
    *, batch: Batch, span: pl.DataFrame, found: pl.DataFrame, register: queries.People, by: Actor, at: dt.datetime
) -> pl.DataFrame:
    """Keep a span's rows and enter those that may stay; the rows with their `state`.

    One load at a time: what one enters the next must see.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('intake.load'))")
    rows = _without_repeats(span)
    if rows.is_empty():
        return rows
    rows = queries.with_what_is_known(_with_what_it_mends(rows), register)
    found = pl.concat([found.join(rows.select("line"), on="line", how="semi"), desk.found_in_register(rows)])
    rows = rows.with_columns(
        desk.states(rows["line"], found).alias("state"),
        pl.Series("id", bulk.new_ids("intake_formrow", len(rows)), dtype=pl.Int64),
    )
    accepted = rows.filter(pl.col("state") != rules.RowState.RETURNED.value)
    ids = pl.Series("person_id", people.establish_many(people=reading.new_people(accepted), by=by, at=at), pl.Int64)
    entered = rows.join(accepted.select("line", ids), on="line", how="left", maintain_order="left")
    bulk.insert("intake_formrow", _form_rows(entered, batch.pk))
    bulk.insert("intake_finding", found.join(rows.select("line", row_id="id"), on="line").drop("line"))
    register.add(accepted, ids)
    return rows


def _without_repeats(chunk: pl.DataFrame) -> pl.DataFrame:
    """The rows that weren't received before, `_serial_known` where their form was accepted with other facts."""
    known = pl.DataFrame(
        queries.known_rows(chunk["form_serial"].to_list()),
        schema={"form_serial": pl.String, "row_hash": pl.String, "person_id": pl.Int64},
        orient="row",
    )
    settled = known.filter(pl.col("person_id").is_not_null())["form_serial"].implode()
    return chunk.join(known, on=["form_serial", "row_hash"], how="anti", maintain_order="left").with_columns(
        _serial_known=pl.col("form_serial").is_in(settled)
    )


def _with_what_it_mends(rows: pl.DataFrame) -> pl.DataFrame:
    """`_mends`: the returned row that each one mends, null for most; `_settled` where that was mended before."""
    if rules.REFERENCE not in rows.columns:
        return rows.with_columns(_mends=pl.lit(None, dtype=pl.Int64), _settled=pl.lit(value=False))
    said = rows[rules.REFERENCE].cast(pl.Int64, strict=False)
    returned, settled = queries.returned_among(said.drop_nulls().to_list())
    rows = rows.with_columns(_mends=said)
    mends = pl.when(pl.col("_mends").is_in(sorted(returned))).then("_mends")
    return rows.with_columns(mends.alias("_mends"), pl.col("_mends").is_in(sorted(settled)).alias("_settled"))


def _form_rows(rows: pl.DataFrame, batch_id: int) -> pl.DataFrame:
    return rows.select(
        "id", "line", "written", "row_hash", "state", "person_id",
        batch_id=pl.lit(batch_id),
        serial=pl.col("form_serial").str.slice(0, 60),
        commune_code=pl.col("commune_code").str.slice(0, 10),
        simulated="_simulated",
        mends_id="_mends",
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
