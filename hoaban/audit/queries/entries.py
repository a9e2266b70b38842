"""Reading the audit: what was done to a record, who looked at a person, what was done in a span of time."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from hoaban.audit import rules
from hoaban.audit.models import Entry
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
    person_id: int | None = None, thing: str = "", commune_code: str = "", origin: str = "",
) -> QuerySet[Entry]:  # fmt: skip
    """Entries between two moments, newest first: of who is named so, of actions that begin so, about a person, done
    to a kind of thing, in a place, from an address or terminal."""
    found = Entry.objects.all() if person_id is None else touching(person_id)
    if since is not None:
        found = found.filter(at__gte=since)
    if before is not None:
        found = found.filter(at__lt=before)
    if actor:
        found = found.filter(Q(actor_name__icontains=actor) | Q(actor_id=actor))
    if action:
        found = found.filter(action__startswith=action)
    if thing:
        found = found.filter(subject__startswith=thing)
    if commune_code:
        found = found.filter(commune_code=commune_code)
    if origin:
        found = found.filter(Q(address=origin) | Q(terminal__icontains=origin))
    return found.order_by("-at", "-id")


def last_of(action: str) -> Entry | None:
    """The newest entry of that action."""
    return Entry.objects.filter(action=action).order_by("-at", "-id").first()


def done_for(one: Entry) -> Actor:
    """Whoever answers for an entry, for what a job does on their behalf; they carry no permissions."""
    return Actor(Kind(one.actor_kind), one.actor_id, one.actor_name)


def entry_under(ulid: str) -> Entry:
    """The entry under that id. Raises NotFound."""
    found = Entry.objects.filter(ulid=ulid).first()
    if found is None:
        raise NotFound(what=ulid)
    return found


def export_of(sha256: str) -> Entry:
    """The entry that was written when a file with this hash was taken away from the audit. Raises NotAnExport."""
    found = Entry.objects.filter(**{f"facts__{rules.EXPORT_HASH}": sha256}).order_by("id").first()
    if found is None:
        raise rules.NotAnExport()
    return found


def entry(entry_id: int) -> Entry:
    """One entry."""
    return Entry.objects.get(pk=entry_id)
