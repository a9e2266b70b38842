"""Asking about cards: who has one, where one is, what waits at which desk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import translation

from hoaban.base.clock import VIETNAM, day_of
from hoaban.base.errors import NotFound
from hoaban.base.ids import tidy_public_code
from hoaban.base.partial_date import PartialDate
from hoaban.cards import rules
from hoaban.cards.engine import authority, chip, faces, lds, qr
from hoaban.cards.models import Application, Batch, Card
from hoaban.cards.rules import ApplicationState, CardContent, CardState, Ending, Timeline
from hoaban.enrolment import queries as enrolment
from hoaban.officers import queries as officers
from hoaban.people import queries as people
from hoaban.web.actor import Actor, acting_as, job_actor

if TYPE_CHECKING:
    from hoaban.enrolment.models import Enrolment
    from hoaban.officers.models import Approval
    from hoaban.people.models import Person

Communes = Collection[str] | None  # None is every commune


# --- who has a card -------------------------------------------------------------------------------------


def holders(commune_code: str | None = None, on: dt.date | None = None) -> QuerySet[Card, int]:
    """Ids of the people living in a commune (or anywhere) who hold a card, valid on that day if one is named."""
    found = Card.objects.filter(state=CardState.HANDED_OVER)
    if commune_code is not None:
        found = found.filter(person__in=people.living_in(commune_code).order_by())
    if on is not None:
        found = found.filter(Q(expires_on=None) | Q(expires_on__gte=on))
    return found.values_list("person_id", flat=True)


def under_way() -> QuerySet[Enrolment, int]:
    """Ids of the people whose card is on its way: enrolled for one that was neither declined nor handed over.

    A card that was handed over and has expired, was lost or withdrawn since is no longer on its way.
    """
    done = Q(state=ApplicationState.DECLINED) | Q(
        cards__state__in=[CardState.HANDED_OVER, CardState.WITHDRAWN, CardState.LOST]
    )
    settled = Application.objects.filter(done, enrolment=OuterRef("pk"))
    return enrolment.enrolled_in().filter(~Exists(settled), wants_card=True)


# --- where is a card ------------------------------------------------------------------------------------


def track(code: str) -> Timeline:
    """Where the card of that application is, for whoever has the code: no name. Raises NotFound.

    Asked through a function of the database that shows these times and nothing else, since whoever
    asks may see no person at all.
    """
    tidy = tidy_public_code(code)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM cards_steps(%s)", [tidy])
        row = cursor.fetchone()
    if row is None:
        raise NotFound(what=tidy)
    commune_code, ending, *reached = row
    return rules.timeline(
        code=tidy,
        commune_code=commune_code,
        requested_on=day_of(reached[0]),
        reached=reached,
        ending=Ending(ending) if ending else None,
    )


def of_person(person_id: int) -> QuerySet[Application]:
    """Every application of that person, newest first."""
    return Application.objects.filter(person=person_id).order_by("-requested_at", "-pk")


def timelines_of(person_id: int) -> list[Timeline]:
    """Where each card of that person is, newest application first."""
    return [track(one.code) for one in of_person(person_id)]


def late(communes: Communes, on: dt.date) -> list[Application]:
    """Applications whose card should be in the hand by that day and isn't, oldest first."""
    before = rules.last_overdue(on) + dt.timedelta(days=1)
    old = Application.objects.filter(_in(communes), requested_at__lt=dt.datetime.combine(before, dt.time(), VIETNAM))
    undone = old.exclude(state=ApplicationState.DECLINED).exclude(
        cards__state__in=[CardState.HANDED_OVER, CardState.WITHDRAWN, CardState.LOST]
    )
    return [one for one in undone.order_by("requested_at") if rules.expected(day_of(one.requested_at)).last < on]


# --- what waits at the desks ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Waiting:
    """How much waits at each desk for one officer."""

    to_propose: int
    to_release: int
    to_check: int
    to_pack: int
    on_the_way: int
    ready: int
    late: int


def waiting(actor: Actor, on: dt.date) -> Waiting:
    """What waits in the actor's area on that day."""
    communes = actor.communes
    return Waiting(
        to_propose=applications_in(ApplicationState.REQUESTED, communes).count(),
        to_release=to_release(actor).count(),
        to_check=cards_in(CardState.PERSONALISED, communes).count(),
        to_pack=sum(to_pack(communes).values()),
        on_the_way=on_the_way(communes).count(),
        ready=ready_in(communes).count(),
        late=len(late(communes, on)),
    )


def to_release(actor: Actor) -> QuerySet[Application]:
    """Proposed applications that this actor may release: not those they proposed themselves."""
    subjects = officers.waiting(rules.RELEASE, actor).values_list("subject", flat=True)
    ids = [int(subject.rpartition(":")[2]) for subject in subjects]
    return applications_in(ApplicationState.PROPOSED, actor.communes).filter(pk__in=ids)


def application(code: str, communes: Communes) -> Application:
    """The application under that code. Raises NotFound."""
    found = Application.objects.filter(_in(communes), code=tidy_public_code(code)).first()
    if found is None:
        raise NotFound(what=code)
    return found


def applications_in(state: ApplicationState, communes: Communes) -> QuerySet[Application]:
    """Applications in that state, oldest first."""
    return Application.objects.filter(_in(communes), state=state).order_by("requested_at", "pk")


def cards(state: CardState | None, communes: Communes) -> QuerySet[Card]:
    """Cards in any state or in one, by serial."""
    found = Card.objects.filter(_in(communes)).select_related("application").order_by("serial")
    return found if state is None else found.filter(state=state)


def newest_of(number: str) -> Card:
    """The newest card that was made for the holder of that number. Raises NotFound."""
    made = Card.objects.filter(number=number).exclude(folder="").select_related("application")
    found = made.order_by("-pk").first()
    if found is None:
        raise NotFound(what=number)
    return found


def cards_in(state: CardState, communes: Communes) -> QuerySet[Card]:
    """Cards in that state, in the order of their approval."""
    return Card.objects.filter(_in(communes), state=state).select_related("application").order_by("approved_at", "pk")


def ready_in(communes: Communes) -> QuerySet[Card]:
    """Cards that lie at the commune and wait for their holders."""
    return cards_in(CardState.AT_COMMUNE, communes)


def on_the_way(communes: Communes = None) -> QuerySet[Card]:
    """Cards sent and not yet arrived, with those that a short batch lacks."""
    return cards_in(CardState.SENT, communes)


def to_pack(communes: Communes) -> dict[str, int]:
    """How many checked cards wait for a batch, by commune."""
    waiting = Card.objects.filter(_in(communes), state=CardState.CHECKED, batch=None)
    return dict(waiting.values_list("commune_code").annotate(count=Count("pk")).order_by("commune_code"))


def batches(communes: Communes) -> QuerySet[Batch]:
    """Batches, newest first."""
    return Batch.objects.filter(_in(communes)).order_by("-made_at", "-pk")


def batch(code: str, communes: Communes) -> Batch:
    """The batch under that code, typed or scanned from its parcel. Raises NotFound."""
    found = Batch.objects.filter(_in(communes), code=scan_key(code)).first()
    if found is None:
        raise NotFound(what=code)
    return found


def cards_of(one: Batch) -> QuerySet[Card]:
    """The cards of a batch, by serial."""
    return one.cards.select_related("application").order_by("serial")


def card(serial: str, communes: Communes) -> Card:
    """The card under that serial. Raises NotFound."""
    found = Card.objects.filter(_in(communes), serial=serial).select_related("application").first()
    if found is None:
        raise NotFound(what=serial)
    return found


def card_by_id(card_id: int) -> Card:
    """One card, by what the audit names it. Raises NotFound."""
    found = Card.objects.filter(pk=card_id).select_related("application").first()
    if found is None:
        raise NotFound(what=card_id)
    return found


def scanned(text: str, communes: Communes) -> Card:
    """The card at the commune that a scan or typing means: its QR text, serial, code or the 12-digit number.

    Raises NotFound.
    """
    read = qr.read(text)
    wanted = read.number if read else scan_key(text)
    found = ready_in(communes).filter(Q(number=wanted) | Q(serial=wanted) | Q(application__code=wanted)).first()
    if found is None:
        raise NotFound(what=wanted)
    return found


def scan_key(text: str) -> str:
    """The serial, code or number that was typed, or that ends a scanned address, as it is kept."""
    return text.rsplit("/", 1)[-1].upper().replace(" ", "")


def _in(communes: Communes) -> Q:
    return Q() if communes is None else Q(commune_code__in=sorted(communes))


# --- for changing them: rows locked in the order of their ids ----------------------------------------------


def locked_cards(card_ids: Iterable[int]) -> list[Card]:
    """These cards with their applications, locked in the order of their ids."""
    found = Card.objects.select_for_update(of=("self",)).select_related("application")
    return list(found.filter(pk__in=list(card_ids)).order_by("pk"))


def locked_applications(application_ids: Iterable[int]) -> list[Application]:
    """These applications, locked in the order of their ids."""
    return list(Application.objects.select_for_update().filter(pk__in=list(application_ids)).order_by("pk"))


def persons_of(applications: Iterable[Application]) -> dict[int, Person]:
    """Who asks, by id: also those who have moved out of the officer's area meanwhile."""
    with acting_as(job_actor("cards.holders")):
        return {one.pk: one for one in people.many(one.person_id for one in applications)}


def open_approval(application: Application) -> Approval:
    """The proposal of its release that waits."""
    return officers.approvals_on(application.subject).get(kind=rules.RELEASE, decided_at=None)


# --- what stands on a card ------------------------------------------------------------------------------


def content_of(one: Card) -> CardContent:
    """What a card says, from the register as it is now."""
    person = people.person(one.person_id)
    with translation.override("vi"):
        facts = people.facts_of(one.person_id)
        no_expiry = str(rules.NO_EXPIRY_WORDS)
        nationality = str(rules.VIETNAMESE_NATIONALITY) if facts.nationality == "VN" else facts.nationality
    return CardContent(
        serial=one.serial,
        code=one.code,
        number=one.number,
        old_number=facts.number9,
        full_name=facts.full_name,
        born=PartialDate.parse(person.born),
        sex=person.sex,
        sex_word=facts.sex,
        nationality=nationality,
        ethnicity=facts.ethnicity,
        religion=facts.religion,
        origin=facts.origin_place,
        birth_place=facts.birth_reg_place,
        residence=facts.current_address or facts.permanent_address,
        father=facts.father_name,
        mother=facts.mother_name,
        spouse=facts.spouse_name,
        issued_on=one.issued_on,
        expires_on=one.expires_on,
        expiry_words=f"{one.expires_on:%d/%m/%Y}" if one.expires_on else no_expiry,
        simulated=one.simulated,
    )


def portrait_of(one: Application) -> bytes:
    """The portrait of the enrolment, unsealed for this once. Raises what the enrolment refuses."""
    return enrolment.face(one.enrolment_id)


def portrait_on(one: Card) -> bytes:
    """The portrait as it is in the card's chip. Raises NotMadeYet."""
    return lds.face_in(chip.read(files_of(one)).groups[2])


def pictures_of(one: Card) -> tuple[bytes, bytes]:
    """Front and back as they were made, for a screen. Raises NotMadeYet."""
    folder = files_of(one)
    drawn_from = {name: (folder / name).read_bytes() for name in faces.SOURCES}
    return faces.pictures(drawn_from, portrait_on(one))


def files_of(one: Card) -> Path:
    """The folder of a card's files. Raises NotMadeYet."""
    folder = settings.HOABAN_FILES / "cards" / one.folder
    if not one.folder or not folder.exists():
        raise rules.NotMadeYet(serial=one.serial)
    return Path(folder)


def signing_authority() -> authority.Authority:
    """Who signs the chips of this installation."""
    return authority.stand_by(settings.HOABAN_KEYS / "cards")
