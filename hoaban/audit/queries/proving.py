"""Whether the seals hold: the walk over the whole chain, the proof of one entry, the anchor.

The text of an entry and its hash are asked of the database with the built-in functions named here, never with
functions stored in it, which its owner could have replaced.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.db import connection
from django.db.models import Max, Sum

from hoaban.audit import rules
from hoaban.audit.models import Entry, Epoch
from hoaban.audit.rules import Anchor, Differs
from hoaban.web.actor import acting_as, job_actor

# What of an entry its hash covers, as text: keys in jsonb's order, nothing left out.
TEXT = """jsonb_build_object(
  'ulid', e.ulid, 'at', to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'action', e.action,
  'subject', e.subject, 'place', e.commune_code, 'actor', jsonb_build_array(e.actor_kind, e.actor_id, e.actor_name),
  'from', jsonb_build_array(e.address, e.terminal), 'purpose', e.purpose, 'facts', e.facts,
  'people', to_jsonb(e.person_ids))::text"""
LEAF = rf"sha256('\x00'::bytea || convert_to({TEXT}, 'UTF8'))"
PIECE = 50_000  # entries that one worker walks over at a time
ALONE = 100_000  # up to so many no second worker is called


@dataclass(frozen=True)
class Break:
    """The first thing that isn't as it was sealed."""

    differs: Differs
    epoch: int | None
    ulid: str = ""
    at: dt.datetime | None = None
    sealed: str = ""
    now: str = ""

    def __str__(self) -> str:
        where = [f"epoch {self.epoch}" if self.epoch else "", f"entry {self.ulid}" if self.ulid else ""]
        when = rules.in_utc(self.at) if self.at else ""
        return f"{', '.join(part for part in (*where, when) if part)}: {rules.DIFFERS_WORDS[self.differs]}"


@dataclass(frozen=True)
class SealCheck:
    """What a walk over the whole audit found; `first_bad` names the first entry or epoch that doesn't hold."""

    epochs: int
    entries: int
    waiting: int
    first_bad: Break | None
    head: Anchor | None = None

    @property
    def holds(self) -> bool:
        """Whether everything sealed is as it was sealed."""
        return self.first_bad is None


@dataclass(frozen=True)
class _Walked:
    """An epoch after its entries were looked at."""

    number: int
    sealed_at: dt.datetime
    count: int
    root: bytes
    hash: bytes
    broken: Break | None


def check_seals(anchor: Anchor | None = None, workers: int | None = None) -> SealCheck:
    """Walk over the whole audit: every entry, root and link, and that a kept anchor stands in the chain."""
    previous, entries, epochs, head = b"", 0, 0, None
    first_bad: Break | None = None
    with closing(_walked(workers or os.cpu_count() or 1)) as walk:
        for one in walk:
            first_bad = _break_in(one, previous, epochs)
            if first_bad is not None:
                break
            previous, entries, epochs = one.hash, entries + one.count, epochs + 1
            head = Anchor(one.number, entries, rules.in_utc(one.sealed_at), one.hash.hex())
            if anchor is not None and anchor.number == one.number and anchor != head:
                first_bad = Break(Differs.ANCHOR, one.number, sealed=anchor.hash, now=head.hash)
                break
    if first_bad is None and anchor is not None and anchor.number > epochs:
        first_bad = Break(Differs.ANCHOR, epochs or None, sealed=anchor.hash)
    if first_bad is None:
        first_bad = _added(epochs)
    return SealCheck(epochs, entries, count_waiting(), first_bad, head)


def _break_in(one: _Walked, previous: bytes, before: int) -> Break | None:
    if one.number != before + 1:
        return Break(Differs.MISSING, one.number, at=one.sealed_at)
    if one.broken is not None:
        return one.broken
    if rules.epoch_hash(previous, one.number, one.sealed_at, one.count, one.root) != one.hash:
        return Break(Differs.LINK, one.number, at=one.sealed_at)
    return None


def _walked(workers: int) -> Generator[_Walked, None, None]:
    """Every epoch in order, its entries looked at: by several at once where there are many."""
    pieces = list(_pieces())
    if sum(count for _first, _last, count in pieces) <= ALONE or workers == 1:
        yield from chain.from_iterable(_look_at(first, last) for first, last, _count in pieces)
        return
    with ThreadPoolExecutor(workers) as pool:
        waiting = [pool.submit(_look_apart, first, last) for first, last, _count in pieces]
        try:
            for piece in waiting:
                yield from piece.result()
        finally:
            for piece in waiting:
                piece.cancel()


def _pieces() -> Iterator[tuple[int, int, int]]:
    """Runs of epochs that hold about one worker's piece: first, last, entries."""
    first, count = 0, 0
    number = 0
    for number, holds in Epoch.objects.order_by("number").values_list("number", "count"):
        first, count = first or number, count + holds
        if count >= PIECE:
            yield first, number, count
            first, count = 0, 0
    if first:
        yield first, number, count


def _look_apart(first: int, last: int) -> list[_Walked]:
    """The same on a connection of its own."""
    try:
        with acting_as(job_actor("audit.verify")):
            return _look_at(first, last)
    finally:
        connection.close()


def _look_at(first: int, last: int) -> list[_Walked]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.number, p.sealed_at, p.count, p.root, p.hash, p.leaves, cardinality(p.entry_ids), t.leaves"
            f" FROM audit_epoch p, LATERAL (SELECT string_agg({LEAF}, ''::bytea ORDER BY u.position) AS leaves"
            " FROM unnest(p.entry_ids) WITH ORDINALITY u(id, position) JOIN audit_entry e ON e.id = u.id) t"
            " WHERE p.number BETWEEN %s AND %s ORDER BY p.number",
            [first, last],
        )
        return [_walk_over(*row) for row in cursor]


def _walk_over(
    number: int, sealed_at: dt.datetime, count: int, root: Any, link: Any, sealed: Any, listed: int, found: Any
) -> _Walked:
    leaves = bytes(sealed)
    broken: Break | None = None
    if not listed == count == len(leaves) // rules.SIZE:
        broken = Break(Differs.LIST, number, at=sealed_at)
    elif bytes(found or b"") != leaves:
        broken = _first_entry_that_differs(number, leaves)
    elif rules.root(rules.split(leaves)) != bytes(root):
        broken = Break(Differs.ROOT, number, at=sealed_at)
    return _Walked(number, sealed_at, count, bytes(root), bytes(link), broken)


def _first_entry_that_differs(number: int, leaves: bytes) -> Break:
    """Which entry of an epoch isn't as it was sealed there, and in what way."""
    sealed = rules.split(leaves)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT u.id, e.ulid, e.at, {LEAF} FROM audit_epoch p"
            " CROSS JOIN LATERAL unnest(p.entry_ids) WITH ORDINALITY u(id, position)"
            " LEFT JOIN audit_entry e ON e.id = u.id WHERE p.number = %s ORDER BY u.position",
            [number],
        )
        for was, (entry_id, ulid, at, now) in zip(sealed, cursor.fetchall(), strict=True):
            if ulid is None:
                return Break(Differs.REMOVED, number, ulid=f"no. {entry_id}", sealed=was.hex())
            if bytes(now) != was:
                differs = Differs.SWAPPED if bytes(now) in sealed else Differs.CHANGED
                return Break(differs, number, ulid, at, was.hex(), bytes(now).hex())
    return Break(Differs.LIST, number)


def _added(upto: int) -> Break | None:
    """An entry that stands in no epoch, though all of its time are sealed."""
    last = Epoch.objects.filter(number=upto).values("server", "upto_xid", "upto_id", "base_id").first()
    if last is None or last["server"] != server():
        return None  # a restored dump counts its transactions anew; the next sealing takes what is left
    where = "(e.id <= %(base)s OR (e.xid, e.id) <= (%(xid)s::text::xid8, %(id)s))"
    named = {"base": last["base_id"], "xid": last["upto_xid"], "id": last["upto_id"], "upto": upto}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT (SELECT count(*) FROM audit_entry e WHERE {where})"
            " = (SELECT sum(count) FROM audit_epoch WHERE number <= %(upto)s)",
            named,
        )
        if cursor.fetchone() == (True,):
            return None
        cursor.execute(
            f"SELECT e.ulid, e.at FROM audit_entry e WHERE {where} AND NOT EXISTS (SELECT 1 FROM audit_epoch p"
            " WHERE p.last_id >= e.id AND p.first_id <= e.id AND p.entry_ids @> ARRAY[e.id]) ORDER BY e.id LIMIT 1",
            named,
        )
        row = cursor.fetchone()
    return Break(Differs.ADDED, None, *row) if row else Break(Differs.LIST, upto)


def server() -> str:
    """Which server counts the transactions here: a restored dump comes to another."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT system_identifier::text FROM pg_control_system()")
        return str(cursor.fetchone()[0])


def count_sealed() -> int:
    """How many entries are sealed."""
    return int(Epoch.objects.aggregate(entries=Sum("count"))["entries"] or 0)


def count_waiting() -> int:
    """How many entries wait for their seal."""
    last = Epoch.objects.order_by("-number").values("server", "upto_xid", "upto_id", "base_id").first()
    with connection.cursor() as cursor:
        if last is None or last["server"] != server():
            cursor.execute("SELECT count(*) - %s FROM audit_entry", [count_sealed()])
        else:
            cursor.execute(
                "SELECT count(*) FROM audit_entry WHERE (xid, id) > (%s::text::xid8, %s) AND id > %s",
                [last["upto_xid"], last["upto_id"], last["base_id"]],
            )
        return int(cursor.fetchone()[0])


def seal_lag(at: dt.datetime) -> dt.timedelta:
    """How long the last seal is ago while entries wait; zero where none does. Minutes of it ask for a look."""
    if not count_waiting():
        return dt.timedelta()
    last = Epoch.objects.aggregate(last=Max("sealed_at"))["last"]
    first = last or Entry.objects.order_by("id").values_list("at", flat=True)[0]
    return max(at - first, dt.timedelta())


def head() -> tuple[int, str]:
    """The number and hash (hex) of the last sealed epoch; (0, "") where nothing is sealed."""
    last = Epoch.objects.order_by("-number").only("number", "hash").first()
    return (last.number, bytes(last.hash).hex()) if last else (0, "")


def anchor() -> Anchor:
    """The head of the chain in one line, for keeping elsewhere. Raises NothingSealed."""
    last = Epoch.objects.order_by("-number").only("number", "sealed_at", "hash").first()
    if last is None:
        raise rules.NothingSealed()
    return Anchor(last.number, count_sealed(), rules.in_utc(last.sealed_at), bytes(last.hash).hex())


@dataclass(frozen=True)
class Link:
    """An epoch as the next ones cover it."""

    number: int
    sealed_at: str
    count: int
    root: str


@dataclass(frozen=True)
class Proof:
    """That an entry stands in its sealed epoch, and the epoch in the chain up to the last link."""

    text: str
    position: int
    steps: list[rules.Step]
    previous: str
    links: list[Link]
    hash: str
    holds: bool

    @property
    def epoch(self) -> Link:
        """The epoch in which the entry stands."""
        return self.links[0]

    @property
    def leaf(self) -> str:
        """The hash of the entry as it says now."""
        return rules.leaf_of(self.text).hex()

    def as_json(self) -> str:
        """The proof as a stranger checks it, see docs/audit.md."""
        steps = [["left" if step.is_left else "right", step.hash.hex()] for step in self.steps]
        links = [[link.number, link.sealed_at, link.count, link.root] for link in self.links]
        return json.dumps(
            {"proof": rules.ANCHOR, "entry": self.text, "steps": steps, "previous": self.previous, "epochs": links,
             "hash": self.hash},
            ensure_ascii=False, indent=1,
        )  # fmt: skip


def epoch_of(one: Entry) -> int | None:
    """The number of the epoch in which an entry is sealed; None while it waits."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT number FROM audit_epoch WHERE last_id >= %(id)s AND first_id <= %(id)s"
            " AND entry_ids @> ARRAY[%(id)s::bigint] ORDER BY last_id LIMIT 1",
            {"id": one.pk},
        )
        row = cursor.fetchone()
    return int(row[0]) if row else None


def seals_of(entry_ids: Sequence[int]) -> dict[int, tuple[str, int | None]]:
    """The hash of each of these entries as it says now, and its epoch; None while it waits."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT e.id, encode({LEAF}, 'hex'), p.number FROM audit_entry e LEFT JOIN LATERAL ("
            " SELECT number FROM audit_epoch WHERE last_id >= e.id AND first_id <= e.id AND entry_ids @> ARRAY[e.id]"
            " ORDER BY last_id LIMIT 1) p ON true WHERE e.id = ANY(%s)",
            [list(entry_ids)],
        )
        return {pk: (leaf, number) for pk, leaf, number in cursor.fetchall()}


def text_of(one: Entry) -> str:
    """What of an entry its hash covers, as the database writes it now."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {TEXT} FROM audit_entry e WHERE e.id = %s", [one.pk])
        return str(cursor.fetchone()[0])


def proof_of(one: Entry, upto: int | None = None) -> Proof:
    """The proof of an entry, with the links up to the epoch `upto`, or to its own. Raises NotSealed."""
    number = epoch_of(one)
    if number is None:
        raise rules.NotSealed(ulid=one.ulid)
    epoch = Epoch.objects.get(pk=number)
    before = Epoch.objects.filter(number=number - 1).only("hash").first()
    position, leaves, text = epoch.entry_ids.index(one.pk), rules.split(bytes(epoch.leaves)), text_of(one)
    steps = rules.proof(leaves, position)
    following = Epoch.objects.filter(number__gte=number, number__lte=max(upto or number, number)).order_by("number")
    links = [
        Link(row.number, rules.in_utc(row.sealed_at), row.count, bytes(row.root).hex())
        for row in following.only("number", "sealed_at", "count", "root")
    ]
    last = Epoch.objects.only("hash").get(pk=links[-1].number)
    return Proof(
        text, position, steps, bytes(before.hash).hex() if before else "", links, bytes(last.hash).hex(),
        holds=rules.leads_to(rules.leaf_of(text), steps, bytes(epoch.root)),
    )  # fmt: skip
