"""Mending a returned row on the page: the row as it came stays, the mended one stands beside it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import polars as pl
from django.db import transaction
from django.db.models import Max

from hoaban.audit import actions as audit
from hoaban.intake import queries, rules
from hoaban.intake.actions.comparing import People
from hoaban.intake.actions.loading import enter
from hoaban.intake.engine import context, desk
from hoaban.intake.models import Batch, Finding, FormRow
from hoaban.intake.queries.forms import NotFound
from hoaban.web.actor import Actor

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
    batch = Batch.objects.get(pk=batch_id)
    cells = {name: str(value) for name, value in {**old.written, **written}.items()}
    table = pl.DataFrame([dict.fromkeys(rules.COLUMNS, "") | cells | {rules.REFERENCE: str(old.pk)}])
    around = queries.surroundings(batch, table)
    next_line = (FormRow.objects.filter(batch=batch).aggregate(last=Max("line"))["last"] or 1) + 1
    laid_out = context.laid_out(table, around)
    [span] = context.spans(laid_out.with_columns(line=pl.lit(max(next_line, batch.rows + 2), pl.Int64)), 1)
    rows = context.read(span, around)
    save = transaction.savepoint()
    entered = enter(batch=batch, span=rows, found=desk.found_on_paper(rows), register=People(rows), by=by, at=at)
    if entered.is_empty():
        transaction.savepoint_rollback(save)
        return queries.said_findings(old.findings.all())
    row_id = int(entered["id"][0])
    if entered["state"][0] == rules.RowState.RETURNED.value:
        found = list(Finding.objects.filter(row=row_id))
        transaction.savepoint_rollback(save)
        return [one for one in queries.said_findings(found) if one.is_error]
    audit.record("intake.mended", f"intake.FormRow:{row_id}", by=by, at=at, facts={"batch": batch_id, "line": line})
    return []
