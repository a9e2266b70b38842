"""Mending a returned row on the page: the row as it came stays, the mended one stands beside it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

import polars as pl
from django.db import transaction
from django.db.models import Max

from hoaban.audit import actions as audit
from hoaban.base import dc01
from hoaban.base.errors import NotFound
from hoaban.intake import queries, rules
from hoaban.intake.actions.loading import enter
from hoaban.intake.engine import context, desk
from hoaban.intake.models import Finding, FormRow
from hoaban.web.actor import Actor, acting_as, job_actor

MEND = "intake.load"


@transaction.atomic
def mend(
    *, batch_id: int, line: int, written: Mapping[str, str], by: Actor, at: dt.datetime
) -> list[queries.SaidFinding]:
    """Enter a returned row with these cells changed; the errors that still stand, none where it was entered.

    What isn't accepted isn't kept: the row stays returned. Mending it twice enters it once. Raises NotFound.
    """
    by.must(MEND)
    old = queries.waiting_in(batch_id).select_for_update().filter(line=line).first()
    if old is None:
        raise NotFound(what=line)
    with acting_as(job_actor("intake.mend")):  # the row is compared with the whole register
        return _enter(old, written, by, at)


def _enter(old: FormRow, written: Mapping[str, str], by: Actor, at: dt.datetime) -> list[queries.SaidFinding]:
    rows = _read(old, written, by)
    save = transaction.savepoint()
    register = queries.People(rows)
    entered = enter(batch=old.batch, span=rows, found=desk.found_on_paper(rows), register=register, by=by, at=at)
    if entered.is_empty():  # the same row, unchanged
        found = list(old.findings.all())
    else:
        found = list(Finding.objects.filter(row=int(entered["id"][0])))
        if entered["state"][0] != rules.RowState.RETURNED.value:
            facts = {"batch": old.batch_id, "line": old.line}
            audit.record("intake.mended", f"intake.FormRow:{entered['id'][0]}", by=by, at=at, facts=facts)
            return []
    transaction.savepoint_rollback(save)
    return [one for one in queries.said_findings(found) if one.is_error]


def _read(old: FormRow, written: Mapping[str, str], by: Actor) -> pl.DataFrame:
    """The mended row as one span, on a line below the file's last."""
    batch = old.batch
    cells = {name: str(value) for name, value in {**old.written, **written}.items()}
    table = pl.DataFrame([dict.fromkeys(dc01.COLUMNS, "") | cells | {rules.REFERENCE: str(old.pk)}])
    around = queries.surroundings(batch, table)
    if by.communes is not None:
        around = replace(around, covered=by.communes)
    last = FormRow.objects.filter(batch=batch).aggregate(last=Max("line"))["last"] or 1
    laid_out = context.laid_out(table, around).with_columns(line=pl.lit(max(last, batch.rows + 1) + 1, pl.Int64))
    return context.read(laid_out, around)
