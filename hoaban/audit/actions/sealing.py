"""Sealing entries into epochs, without a lock on those who write them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from hoaban.audit import queries, rules
from hoaban.audit.actions.recording import record
from hoaban.audit.models import Epoch
from hoaban.audit.queries.proving import LEAF
from hoaban.base.clock import now
from hoaban.web.actor import Actor

MOST = 100_000  # entries in an epoch
FINISHED = "e.xid < pg_snapshot_xmin(pg_current_snapshot())"  # of transactions that are over, every one
IN_NO_EPOCH = (
    "NOT EXISTS (SELECT 1 FROM audit_epoch p WHERE p.last_id >= e.id AND p.first_id <= e.id"
    " AND p.entry_ids @> ARRAY[e.id])"
)


@dataclass(frozen=True)
class _Stand:
    """Up to where the sealing has come, as this server counts its transactions."""

    server: str
    xid: int = 0
    id: int = 0
    base: int = 0


@transaction.atomic
def seal() -> Epoch | None:
    """Seal the entries of all finished transactions into one epoch; None where there are none.

    Nobody who writes is held up, but once after a dump was restored to another server: transactions are counted
    anew there, so that what came with the dump and wasn't sealed is found without counting them.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('audit.seal'))")
        cursor.execute(
            "SELECT coalesce((SELECT max(xid) FROM audit_entry) > greatest(pg_snapshot_xmax(pg_current_snapshot()),"
            " pg_current_xact_id_if_assigned()), false)"
        )
        [is_ahead] = cursor.fetchone()
    last, server = Epoch.objects.order_by("-number").defer("entry_ids", "leaves").first(), queries.server()
    if is_ahead or (last is not None and last.server != server):
        return _seal_what_was_restored(last, server)
    stand = _Stand(server, last.upto_xid, last.upto_id, last.base_id) if last else _Stand(server)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT e.xid::text::bigint, e.id, {LEAF} FROM audit_entry e"
            f" WHERE (e.xid, e.id) > (%s::text::xid8, %s) AND e.id > %s AND {FINISHED}"
            " ORDER BY e.xid, e.id LIMIT %s",
            [stand.xid, stand.id, stand.base, MOST],
        )
        rows = cursor.fetchall()
    if not rows:
        return None
    stand = _Stand(server, rows[-1][0], rows[-1][1], stand.base)
    return _write(last, [row[1] for row in rows], [bytes(row[2]) for row in rows], stand)


def _seal_what_was_restored(last: Epoch | None, server: str) -> Epoch | None:
    """Seal every entry that stands in no epoch, holding writers off; from here on this server's count holds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_hold()")
        cursor.execute(
            "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1,"
            " (SELECT coalesce(max(id), 0) FROM audit_entry)"
        )
        before, base = cursor.fetchone()
        cursor.execute(f"SELECT e.id, {LEAF} FROM audit_entry e WHERE {IN_NO_EPOCH} ORDER BY e.id")
        while rows := cursor.fetchmany(MOST):
            stand = _Stand(server, before, base, base)
            last = _write(last, [row[0] for row in rows], [bytes(row[1]) for row in rows], stand)
    return last if last is not None and last.server == server else None


def _write(last: Epoch | None, ids: list[int], leaves: list[bytes], stand: _Stand) -> Epoch:
    number, at, root = last.number + 1 if last else 1, now(), rules.root(leaves)
    return Epoch.objects.create(
        number=number, sealed_at=at, count=len(ids), root=root,
        hash=rules.epoch_hash(bytes(last.hash) if last else b"", number, at, len(ids), root),
        entry_ids=ids, leaves=b"".join(leaves), first_id=min(ids), last_id=max(ids),
        server=stand.server, upto_xid=stand.xid, upto_id=stand.id, base_id=stand.base,
    )  # fmt: skip


def verify(*, by: Actor, at: datetime) -> queries.SealCheck:
    """Walk over the whole audit and write down what was found."""
    check = queries.check_seals()
    record(
        "audit.verified", "audit.Epoch", by=by, at=at,
        facts={
            "holds": check.holds, "epochs": check.epochs, "entries": check.entries,
            "first_bad": str(check.first_bad or ""), "head": str(check.head or ""),
        },
    )  # fmt: skip
    return check
