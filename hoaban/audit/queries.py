"""Reading the audit: what was done to a record, who looked at a person, whether the seals hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from hoaban.audit import rules
from hoaban.audit.models import Entry, Epoch
from hoaban.base.errors import NotFound
from hoaban.web.actor import Actor, Kind

LOOKED = "people.looked"


def about(subject: str) -> QuerySet[Entry]:
    """Every entry on that record, newest first."""
    return Entry.objects.filter(subject=subject).order_by("-id")


def who_looked(person_id: int) -> QuerySet[Entry]:
    """Who opened that person's record and why, newest first."""
    return touching(person_id).filter(action=LOOKED)


def touching(person_id: int) -> QuerySet[Entry]:
    """Every entry that concerns that person, newest first."""
    return Entry.objects.filter(pk__in=RawSQL("SELECT audit_touching(%s)", [person_id])).order_by("-id")


def done_by(actor_id: str, action: str, since: datetime) -> QuerySet[Entry]:
    """What somebody has done of that kind since then."""
    return Entry.objects.filter(action=action, at__gte=since, actor_id=actor_id)


def entries(
    *, since: datetime | None = None, before: datetime | None = None, actor: str = "", action: str = "",
    person_id: int | None = None,
) -> QuerySet[Entry]:  # fmt: skip
    """Entries between two moments, of who is named so, of actions that begin so, about a person; newest first."""
    found = Entry.objects.all() if person_id is None else touching(person_id)
    if since is not None:
        found = found.filter(at__gte=since)
    if before is not None:
        found = found.filter(at__lt=before)
    if actor:
        found = found.filter(Q(actor_name__icontains=actor) | Q(actor_id=actor))
    if action:
        found = found.filter(action__startswith=action)
    return found.order_by("-id")


def done_for(one: Entry) -> Actor:
    """Whoever answers for an entry, for what a job does on their behalf; they carry no permissions."""
    return Actor(Kind(one.actor_kind), one.actor_id, one.actor_name)


def entry_under(ulid: str) -> Entry:
    """The entry under that id, with the epoch that seals it. Raises NotFound."""
    found = Entry.objects.select_related("epoch").filter(ulid=ulid).first()
    if found is None:
        raise NotFound(what=ulid)
    return found


def entry(entry_id: int) -> Entry:
    """One entry."""
    return Entry.objects.get(pk=entry_id)


def values_of(one: Entry) -> dict[str, Any]:
    """What of an entry its hash covers."""
    return {
        "ulid": one.ulid,
        "at": one.at.astimezone(UTC).isoformat(),
        "action": one.action,
        "subject": one.subject,
        "actor": [one.actor_kind, one.actor_id, one.actor_name],
        "purpose": one.purpose,
        "facts": one.facts,
        "person_ids": one.person_ids,
    }


@dataclass(frozen=True)
class SealCheck:
    """What a walk over the whole audit found; `first_bad` names the first entry or epoch that doesn't hold."""

    epochs: int
    entries: int
    waiting: int
    first_bad: str | None

    @property
    def holds(self) -> bool:
        """Whether everything sealed is as it was sealed."""
        return self.first_bad is None


def check_seals() -> SealCheck:
    """Recompute every leaf, root and chain link."""
    previous = b""
    entries = 0
    epochs = 0
    for epoch in Epoch.objects.order_by("number"):
        rows = list(Entry.objects.filter(epoch=epoch).order_by("position"))
        for one in rows:
            if rules.leaf(values_of(one)) != bytes(one.leaf):
                return SealCheck(epochs, entries, _waiting(), f"entry {one.ulid}")
        if len(rows) != epoch.count or not rows:
            return SealCheck(epochs, entries, _waiting(), f"epoch {epoch.number}")
        root = rules.root([bytes(one.leaf) for one in rows])
        if rules.epoch_hash(previous, root, len(rows)) != bytes(epoch.hash):
            return SealCheck(epochs, entries, _waiting(), f"epoch {epoch.number}")
        previous = bytes(epoch.hash)
        entries += len(rows)
        epochs += 1
    return SealCheck(epochs, entries, _waiting(), None)


def head() -> tuple[int, str]:
    """The number and hash (hex) of the last sealed epoch; (0, "") where nothing is sealed."""
    last = Epoch.objects.order_by("-number").first()
    return (last.number, bytes(last.hash).hex()) if last else (0, "")


def proof_of(one: Entry) -> list[rules.Step]:
    """The proof that a sealed entry stands in its epoch; empty for the only entry of an epoch."""
    leaves = [bytes(row.leaf) for row in Entry.objects.filter(epoch=one.epoch_id).only("leaf").order_by("position")]
    return rules.proof(leaves, one.position or 0)


def _waiting() -> int:
    return Entry.objects.filter(epoch=None).count()
