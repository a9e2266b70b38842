"""Loading a kept file: rows checked over columns, people entered by spans, each span its own transaction.

While PostgreSQL takes in one span, the next is read and judged in another thread. A load that was
killed goes on where it stopped: spans are cut alike each time, and lines that are in the table stay.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
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


@dataclass(frozen=True)
class _File:
    """A file whose rows are laid out and wait to be entered."""

    batch: Batch
    rows: pl.DataFrame
    around: context.Surroundings
    stored: pl.Series


@dataclass(frozen=True)
class _Piece:
    """A span of a file; `last` of its spans or not."""

    file: _File
    span: pl.DataFrame
    last: bool


def load(
    *, path: Path, by: Actor, at: dt.datetime, progress: Progress | None = None, commune: str = ""
) -> Batch:  # fmt: skip
    """Receive a file and load it; `commune` is that of forms that don't name theirs. Raises as `load_received`."""
    [batch] = load_all(paths=[path], by=by, at=at, progress=lambda _path: progress, commune=commune)
    return batch


def load_all(
    *, paths: Sequence[Path], by: Actor, at: dt.datetime, commune: str = "",
    progress: Callable[[Path], Progress | None] = lambda _path: None,
) -> list[Batch]:  # fmt: skip
    """Receive and load files one after the other; the first that is refused ends it, those before it stay loaded."""
    register = queries.People() if len(paths) > 1 else None
    batches = (receive(path=path, name=path.name, by=by, at=at, commune=commune) for path in paths)
    return _load(batches, (progress(path) for path in paths), register, by, at)


def load_received(*, batch_id: int, by: Actor, at: dt.datetime, progress: Progress | None = None) -> Batch:
    """Load a file that was received; a loaded one is left as it is.

    Runs as the program itself, since a row is compared with the whole register. A file that is refused
    whole keeps the reason. Raises ColumnsMissing, TooManyColumns, NothingInside and what `tables.read` raises.
    """
    [batch] = _load([Batch.objects.get(pk=batch_id)], [progress], None, by, at)
    return batch


def _load(
    batches: Iterable[Batch], progresses: Iterable[Progress | None], register: queries.People | None, by: Actor,
    at: dt.datetime,
) -> list[Batch]:  # fmt: skip
    """Enter what waits in these files, each span while the next, even of the next file, is read and judged."""
    seen: list[tuple[Batch, Progress | None]] = []
    done = 0
    for piece, rows, found in _judged_ahead(_pieces(batches, progresses, seen)):
        file = piece.file
        left = rows.filter(~pl.col("line").is_in(file.stored.implode()))
        compared = register or queries.People(rows if len(file.rows) <= rules.ROWS_AT_ONCE else None)
        register = compared if register or not piece.last else None
        enter(batch=file.batch, span=left, found=found, register=compared, by=by, at=at)
        done += len(piece.span)
        progress = next(one for batch, one in seen if batch == file.batch)
        if progress:
            progress(done, len(file.rows))
        if piece.last:
            done = 0
            _close(file.batch, len(file.rows), by, at)
    return [batch for batch, _progress in seen]


def _pieces(
    batches: Iterable[Batch], progresses: Iterable[Progress | None], seen: list[tuple[Batch, Progress | None]]
) -> Iterator[_Piece | Refusal]:
    """The spans of these files in order; a refusal in the place of a file that can't be read ends them."""
    for batch, progress in zip(batches, progresses, strict=True):
        seen.append((batch, progress))
        if batch.loaded_at is not None or any(batch == other for other, _progress in seen[:-1]):
            continue
        try:
            rows, around = _read(batch)
        except Refusal as no:
            Batch.objects.filter(pk=batch.pk).update(refusal={"code": no.code, "facts": _as_text(no)})
            yield no
            return
        Batch.objects.filter(pk=batch.pk).update(rows=len(rows), refusal=None)
        file = _File(batch, rows, around, queries.lines_of(batch.pk))
        spans = list(context.spans(rows, rules.ROWS_AT_ONCE))
        yield from (_Piece(file, span, number == len(spans)) for number, span in enumerate(spans, start=1))


def _judged_ahead(pieces: Iterable[_Piece | Refusal]) -> Iterator[tuple[_Piece, pl.DataFrame, pl.DataFrame]]:
    """The pieces with their rows read and what the paper shows, judged one ahead of the one being entered."""

    def judged(piece: _Piece) -> tuple[_Piece, pl.DataFrame, pl.DataFrame]:
        rows = context.read(piece.span, piece.file.around)
        return piece, rows, desk.found_on_paper(rows)

    with ThreadPoolExecutor(1) as ahead:
        pending = None
        for piece in pieces:
            coming = ahead.submit(judged, piece) if isinstance(piece, _Piece) else None
            if pending is not None:
                yield pending.result()
            if isinstance(piece, Refusal):
                raise piece
            pending = coming
        if pending is not None:
            yield pending.result()


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


@transaction.atomic
def enter(
    *, batch: Batch, span: pl.DataFrame, found: pl.DataFrame, register: queries.People, by: Actor, at: dt.datetime
) -> pl.DataFrame:
    """Keep a span's rows and enter those that may stay; the rows with their `state`.

    One load at a time: what one enters the next must see.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('intake.load'))")
        cursor.execute("SET LOCAL synchronous_commit = off")  # closing the file waits for the disk, for all spans
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
    _count(rows, batch.pk)
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


def _count(rows: pl.DataFrame, batch_id: int) -> None:
    """Add the rows to their communes' shares of the file."""
    counts = rows.group_by(pl.col("commune_code").str.slice(0, 10)).agg(
        (pl.col("state") == state.value).sum().alias(state.value) for state in rules.RowState
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO intake_share AS s (batch_id, commune_code, accepted, questioned, returned)"
            " SELECT %s, * FROM unnest(%s::text[], %s::int[], %s::int[], %s::int[])"
            " ON CONFLICT (batch_id, commune_code) DO UPDATE SET accepted = s.accepted + excluded.accepted,"
            " questioned = s.questioned + excluded.questioned, returned = s.returned + excluded.returned",
            [batch_id, *(counts[name].to_list() for name in ("commune_code", "accepted", "questioned", "returned"))],
        )


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
