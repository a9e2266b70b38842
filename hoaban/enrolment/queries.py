"""Asking about stations, packets and enrolments."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from hoaban.base.clock import day_of
from hoaban.base.errors import NotFound
from hoaban.base.partial_date import PartialDate
from hoaban.enrolment.engine import keys, opening
from hoaban.enrolment.engine.blobs import Blobs, Incoming
from hoaban.enrolment.models import Enrolment, Kit, KitKey, KitOperator, KitPerson, Packet, Quarantined, WorkList
from hoaban.enrolment.rules import packet as rules


def province_keys() -> keys.ProvinceKeys:
    """The keys with which the server signs and opens. Raises NoKeys."""
    return keys.load(settings.HOABAN_KEYS / "enrolment")


def blobs() -> Blobs:
    """Where packets' bytes stand."""
    return Blobs(settings.HOABAN_FILES / "packets")


def kit(code: str) -> Kit:
    """The station of that name. Raises NotFound."""
    found = Kit.objects.filter(pk=code).first()
    if found is None:
        raise NotFound(what=code)
    return found


def kits() -> QuerySet[Kit]:
    """Every station, by name."""
    return Kit.objects.order_by("code")


@dataclass(frozen=True)
class KitRow:
    """A station with what came from it."""

    kit: Kit
    received: int
    refused: int
    missing: int


def kit_rows() -> list[KitRow]:
    """Every station with what came from it, by name."""
    whole = ~Q(state=rules.State.ANNOUNCED)
    rows = Packet.objects.values("kit", "epoch").annotate(
        received=Count("ulid", filter=whole), refused=Count("ulid", filter=Q(state=rules.State.REFUSED)),
        highest=Max("seq", filter=whole),
    )  # fmt: skip
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:  # an epoch counts from 1 without leaving one out
        missing = (row["highest"] or 0) - row["received"]
        counts[row["kit"]].update(received=row["received"], refused=row["refused"], missing=missing)
    return [
        KitRow(one, counts[one.code]["received"], counts[one.code]["refused"], counts[one.code]["missing"])
        for one in kits()
    ]


def operators_of(kit: Kit) -> QuerySet[KitOperator]:
    """The officers who may open a station, by name."""
    return KitOperator.objects.filter(kit=kit).order_by("officer_name")


def kit_key(key_id: str) -> KitKey:
    """A key of a station that we believe. Raises UnknownKit, RevokedKit."""
    found = KitKey.objects.select_related("kit").filter(pk=key_id).first()
    if found is None:
        raise rules.UnknownKit
    if found.kit.withdrawn_at is not None:
        raise rules.RevokedKit(kit=found.kit_id, on=day_of(found.kit.withdrawn_at))
    return found


def public_keys(kit: Kit) -> dict[str, str]:
    """Every public key that was ever the station's, by id."""
    return dict(KitKey.objects.filter(kit=kit).values_list("id", "public"))


def announced(row: Packet) -> rules.Announced:
    """The packet of a row as its station announced it."""
    return rules.Announced(row.ulid, row.epoch, row.seq, row.sha256, row.size)


def incoming(row: Packet) -> Incoming:
    """The packet of a row on its way to the disk."""
    return Incoming(row.ulid, row.sha256, row.size)


def held_bytes(row: Packet) -> int:
    """How many bytes of a packet we hold."""
    return row.size if row.state != rules.State.ANNOUNCED else blobs().offset(incoming(row))


def packets(state: str = "", kit: Kit | None = None) -> QuerySet[Packet]:
    """Packets, newest first."""
    found = Packet.objects.select_related("kit", "enrolment").order_by("-announced_at", "-ulid")
    if state:
        found = found.filter(state=state)
    return found.filter(kit=kit) if kit else found


def not_opened() -> list[str]:
    """ULIDs of packets that we hold and haven't opened, oldest first."""
    found = Packet.objects.filter(state=rules.State.RECEIVED).order_by("received_at", "ulid")
    return list(found.values_list("ulid", flat=True))


def put_aside() -> QuerySet[Quarantined]:
    """What was put aside for a person to look at, newest first."""
    return Quarantined.objects.order_by("-at", "-id")


def missing_numbers(kit: Kit) -> dict[str, list[int]]:
    """Per epoch of a station, the numbers of packets below the highest that never came whole."""
    came: dict[str, list[int]] = defaultdict(list)
    rows = Packet.objects.filter(kit=kit).exclude(state=rules.State.ANNOUNCED)
    for epoch, seq in rows.values_list("epoch", "seq"):
        came[epoch].append(seq)
    return {epoch: missing for epoch, seqs in came.items() if (missing := rules.holes(seqs))}


def expected_at(kit: Kit) -> list[int]:
    """The people whom a station expects without an appointment and who aren't enrolled yet."""
    enrolled = Enrolment.objects.filter(person=OuterRef("person"))
    found = KitPerson.objects.filter(kit=kit).exclude(Exists(enrolled)).order_by("added_at", "person")
    return list(found.values_list("person_id", flat=True))


def latest_list(kit: Kit) -> WorkList | None:
    """The newest list of a station."""
    return WorkList.objects.filter(kit=kit).order_by("-version").first()


def enrolment(enrolment_id: int) -> Enrolment:
    """One enrolment. Raises NotFound."""
    found = Enrolment.objects.select_related("packet", "kit").filter(pk=enrolment_id).first()
    if found is None:
        raise NotFound(what=enrolment_id)
    return found


def by_ulid(ulid: str) -> Enrolment:
    """The enrolment that came in that packet. Raises NotFound."""
    found = Enrolment.objects.select_related("packet", "kit").filter(ulid=ulid).first()
    if found is None:
        raise NotFound(what=ulid)
    return found


def of_person(person_id: int) -> QuerySet[Enrolment]:
    """Every enrolment of a person, newest first."""
    return Enrolment.objects.filter(person=person_id).order_by("-taken_at", "-id")


def in_state(state: str) -> QuerySet[Enrolment]:
    """Enrolments of that state that the actor may see, oldest first."""
    return Enrolment.objects.filter(state=state).order_by("opened_at", "id")


def enrolled_in(commune_code: str | None = None) -> QuerySet[Enrolment, int]:
    """Ids of the people of a commune (or of all) who have been enrolled."""
    found = Enrolment.objects.exclude(person=None)
    if commune_code is not None:
        found = found.filter(commune_code=commune_code)
    return found.values_list("person_id", flat=True).distinct()


def face(enrolment_id: int) -> bytes:
    """The portrait (JPEG), unsealed for this once: it stands nowhere but in its packet. Raises NotFound."""
    return _content(enrolment_id).face


def fingers(enrolment_id: int) -> dict[int, str]:
    """The prints' templates (base64) by finger code, unsealed for this once. Raises NotFound."""
    return {one.code: one.template for one in _content(enrolment_id).fingers.fingers if one.template}


def _content(enrolment_id: int) -> opening.Content:
    row = enrolment(enrolment_id).packet
    return opening.open_packet(
        blobs().read(row.sha256), announced(row), row.kit_id, public_keys(row.kit), province_keys()
    )


def born_in_words(enrolment: Enrolment) -> str:
    """The date of birth as confirmed, as Vietnamese papers write it."""
    return PartialDate.parse(enrolment.born).vietnamese()


@dataclass(frozen=True)
class KitCounts:
    """What has come from a station."""

    received: int
    opened: int
    refused: int
    announced: int


def counts_of(kit: Kit) -> KitCounts:
    """How many packets of a station are in which state."""
    rows = dict(Packet.objects.filter(kit=kit).values_list("state").annotate(n=Count("ulid")))
    return KitCounts(**{state.value: rows.get(state.value, 0) for state in rules.State})
