"""From a cleared enrolment to a card in its holder's hand, and what ends a card."""

from __future__ import annotations

import datetime as dt
import hashlib
import shutil
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext

from hoaban.audit import actions as audit
from hoaban.base.clock import day_of
from hoaban.base.ids import public_code
from hoaban.base.partial_date import PartialDate
from hoaban.cards import queries, rules
from hoaban.cards.engine import chip, faces, lds
from hoaban.cards.models import Application, Batch, Card
from hoaban.cards.rules import ApplicationState, CardState
from hoaban.enrolment import queries as enrolment
from hoaban.officers import actions as officers
from hoaban.officers import queries as officer_queries
from hoaban.people import queries as people
from hoaban.web.actor import Actor, acting_as, job_actor

if TYPE_CHECKING:
    from hoaban.officers.models import Approval
    from hoaban.people.models import Person

CHUNK = 100  # cards in one entry of the audit

EXPIRED = "cards.release.expired"  # recorded by officers when nobody decided in time


@transaction.atomic
def request(
    *, enrolment_id: int, person_id: int, commune_code: str, simulated: bool, by: Actor, at: dt.datetime
) -> Application:
    """Ask for a card from a cleared enrolment; asking again returns the first answer.

    Raises AlreadyAskedFor where another application of the person is open.
    """
    asked = Application.objects.filter(enrolment=enrolment_id).first()
    if asked is not None:
        return asked
    _refuse_second(person_id)
    cards = Card.objects.filter(person=person_id)
    application = Application.objects.create(
        code=_new_code(enrolment.enrolment(enrolment_id).slip_code),
        person_id=person_id,
        enrolment_id=enrolment_id,
        commune_code=commune_code,
        kind=rules.kind_of(
            cards.filter(state=CardState.HANDED_OVER).exists(), cards.filter(state=CardState.LOST).exists()
        ),
        simulated=simulated,
        requested_at=at,
    )
    audit.record(
        "cards.requested", application.subject, by=by, at=at, person_ids=[person_id],
        facts={"code": application.code, "kind": application.kind},
    )  # fmt: skip
    return application


@transaction.atomic
def propose(*, application_ids: Iterable[int], by: Actor, at: dt.datetime) -> int:
    """Propose applications for release, as the first officer who has looked at them; how many.

    Raises WrongStep, NoNumberYet.
    """
    chosen = _locked(application_ids)
    persons = _persons(chosen)
    for one in chosen:
        by.must(rules.RELEASE, one.commune_code)
        rules.check_application_move(ApplicationState(one.state), ApplicationState.PROPOSED, one.code)
        if not persons[one.person_id].number:
            raise rules.NoNumberYet(code=one.code)
        officers.propose(
            kind=rules.RELEASE, subject=one.subject, commune_code=one.commune_code, payload={"code": one.code},
            by=by, at=at,
        )  # fmt: skip
        one.state, one.proposed_at = ApplicationState.PROPOSED, at
        one.save(update_fields=["state", "proposed_at"])
    return len(chosen)


@transaction.atomic
def release(*, application_ids: Iterable[int], by: Actor, at: dt.datetime) -> list[Card]:
    """Release proposed applications for production, as the second officer; the cards to be made.

    Raises WrongStep, officers.SameOfficer.
    """
    chosen = _locked(application_ids)
    for one in chosen:
        by.must(rules.RELEASE, one.commune_code)
        rules.check_application_move(ApplicationState(one.state), ApplicationState.APPROVED, one.code)
        officers.approve(approval=_open_approval(one), by=by, at=at)
        one.state, one.approved_at = ApplicationState.APPROVED, at
        one.save(update_fields=["state", "approved_at"])
    return _begin(chosen, by=by, at=at)


@transaction.atomic
def decline(*, application_id: int, reason: str, by: Actor, at: dt.datetime) -> Application:
    """Decline a proposed application, as the second officer, with the reason.

    Raises WrongStep, officers.SameOfficer, officers.ReasonMissing.
    """
    [application] = _locked([application_id])
    by.must(rules.RELEASE, application.commune_code)
    rules.check_application_move(ApplicationState(application.state), ApplicationState.DECLINED, application.code)
    officers.decline(approval=_open_approval(application), by=by, at=at, reason=reason)
    application.state, application.declined_at = ApplicationState.DECLINED, at
    application.decline_reason = reason.strip()
    application.save(update_fields=["state", "declined_at", "decline_reason"])
    audit.record("cards.declined", application.subject, by=by, at=at, person_ids=[application.person_id])
    return application


@transaction.atomic
def take_back_proposal(*, application_id: int, by: Actor, at: dt.datetime) -> None:
    """Put an application whose proposal nobody decided in time back among those to propose."""
    [application] = _locked([application_id])
    if application.state == ApplicationState.PROPOSED:
        application.state, application.proposed_at = ApplicationState.REQUESTED, None
        application.save(update_fields=["state", "proposed_at"])
        audit.record("cards.proposal_taken_back", application.subject, by=by, at=at, person_ids=[application.person_id])


def personalise(*, card_id: int, by: Actor, at: dt.datetime) -> Card:
    """Make the chip's files and the faces of an approved card and keep them; a made card stays as it is.

    The files are written before the transaction, in a folder named by what they hold; whoever comes
    second throws their own away.
    """
    card = Card.objects.select_related("application").get(pk=card_id)
    if card.state != CardState.APPROVED:
        return card
    content = queries.content_of(card)
    photo = lds.as_jpeg(enrolment.face(card.application.enrolment_id))
    drawn_from = faces.sources(content)
    files, key = chip.make(content, photo, queries.signing_authority(), at)
    digest = hashlib.sha256(files.ef_sod).hexdigest()
    folder = f"{card.serial}-{digest[:12]}"
    chip.write(
        settings.HOABAN_FILES / "cards" / folder,
        {**files.named(), **drawn_from, chip.KEY: chip.key_bytes(key), "faces.pdf": faces.pdf(drawn_from, photo)},
    )
    with transaction.atomic():
        made = Card.objects.filter(pk=card_id, state=CardState.APPROVED).update(
            state=CardState.PERSONALISED, personalised_at=at, folder=folder
        )
        if made:
            audit.record(
                "cards.personalised", card.subject, by=by, at=at, person_ids=[card.person_id],
                facts={"serial": card.serial, "sod_sha256": digest},
            )  # fmt: skip
    if not made:
        shutil.rmtree(settings.HOABAN_FILES / "cards" / folder)
    card.refresh_from_db()
    return card


@transaction.atomic
def pass_check(*, card_ids: Iterable[int], by: Actor, at: dt.datetime) -> int:
    """Say that made cards are good: the officer has seen them and the chip is as it was signed; how many.

    Raises WrongStep, ChipDiffers.
    """
    cards = _locked_cards(card_ids)
    csca = queries.signing_authority().csca
    for card in cards:
        by.must("cards.produce", card.commune_code)
        rules.check_card_move(CardState(card.state), CardState.CHECKED, card.serial)
        faults = chip.faults(chip.read(queries.files_of(card)), csca)
        if faults:
            raise rules.ChipDiffers(serial=card.serial, faults=", ".join(faults))
    Card.objects.filter(pk__in=[card.pk for card in cards]).update(state=CardState.CHECKED, checked_at=at)
    _record_cards("cards.checked", cards, by=by, at=at)
    return len(cards)


@transaction.atomic
def spoil(*, card_id: int, reason: str, by: Actor, at: dt.datetime) -> Card:
    """Throw a made card away and have it made again under the next serial; the new card.

    Raises WrongStep, ReasonMissing.
    """
    card = _locked_cards([card_id])[0]
    by.must("cards.produce", card.commune_code)
    _end(card, CardState.SPOILED, rules.check_reason(reason), by=by, at=at)
    return _begin([card.application], by=by, at=at)[0]


@transaction.atomic
def make_batch(*, commune_code: str, by: Actor, at: dt.datetime) -> Batch:
    """Pack every checked card of a commune into one batch. Raises NothingToPack."""
    by.must("cards.produce", commune_code)
    waiting = list(
        Card.objects.select_for_update()
        .filter(commune_code=commune_code, state=CardState.CHECKED, batch=None)
        .order_by("pk")
    )
    if not waiting:
        raise rules.NothingToPack()
    batch = Batch.objects.create(code=public_code(), commune_code=commune_code, count=len(waiting), made_at=at)
    Card.objects.filter(pk__in=[card.pk for card in waiting]).update(batch=batch)
    audit.record(
        "cards.batch_made", batch.subject, by=by, at=at,
        facts={"commune": commune_code, "serials": [card.serial for card in waiting]},
    )  # fmt: skip
    return batch


@transaction.atomic
def send_batch(*, batch_id: int, by: Actor, at: dt.datetime) -> Batch:
    """Send a packed batch off. Raises WrongStep."""
    batch = Batch.objects.select_for_update().get(pk=batch_id)
    by.must("cards.produce", batch.commune_code)
    if batch.state is not rules.BatchState.PACKED:
        raise rules.WrongStep(what=batch.code, state=batch.state_words)
    batch.sent_at = at
    batch.save(update_fields=["sent_at"])
    batch.cards.filter(state=CardState.CHECKED).update(state=CardState.SENT, sent_at=at)
    audit.record("cards.batch_sent", batch.subject, by=by, at=at, facts={"count": batch.count})
    return batch


@transaction.atomic
def arrive(*, batch_id: int, missing: Iterable[str] = (), by: Actor, at: dt.datetime) -> Batch:
    """Take in a batch at the commune; cards named as missing stay on the way and are looked for.

    Raises WrongStep, NotInThatBatch.
    """
    batch = Batch.objects.select_for_update().get(pk=batch_id)
    by.must("cards.hand_over", batch.commune_code)
    if batch.state is not rules.BatchState.SENT:
        raise rules.WrongStep(what=batch.code, state=batch.state_words)
    sent = batch.cards.filter(state=CardState.SENT)
    absent = rules.check_missing(sent.values_list("serial", flat=True), missing)
    batch.arrived_at = at
    batch.arrived_count = sent.exclude(serial__in=absent).update(state=CardState.AT_COMMUNE, arrived_at=at)
    batch.save(update_fields=["arrived_at", "arrived_count"])
    audit.record(
        "cards.batch_arrived", batch.subject, by=by, at=at,
        facts={"count": batch.arrived_count, "missing": sorted(absent)},
    )  # fmt: skip
    return batch


@transaction.atomic
def hand_over(*, card_id: int, shown: str, by: Actor, at: dt.datetime) -> Card:
    """Hand a card to its holder, whose number (12 digits or the last 4) was shown; doing it twice is once.

    The card it replaces is withdrawn. Raises NotTheHolder, WrongStep.
    """
    card = _locked_cards([card_id])[0]
    by.must("cards.hand_over", card.commune_code)
    if card.state == CardState.HANDED_OVER:
        return card
    rules.check_handover(card.number, shown, CardState(card.state), card.serial)
    with acting_as(job_actor("cards.hand_over")):  # the old card may lie in another commune's area
        for old in Card.objects.select_for_update().filter(person=card.person_id, state=CardState.HANDED_OVER):
            reason = gettext("replaced by card %(serial)s") % {"serial": card.serial}
            _end(old, CardState.WITHDRAWN, reason, by=by, at=at)
    card.state, card.handed_over_at = CardState.HANDED_OVER, at
    card.save(update_fields=["state", "handed_over_at"])
    audit.record(
        "cards.handed_over", card.subject, by=by, at=at, person_ids=[card.person_id],
        facts={"serial": card.serial, "shown": len(shown.replace(" ", ""))},
    )  # fmt: skip
    return card


@transaction.atomic
def withdraw(*, card_id: int, reason: str, by: Actor, at: dt.datetime) -> Card:
    """Take a card out of use, with the reason. Raises WrongStep, ReasonMissing."""
    card = _locked_cards([card_id])[0]
    by.must("cards.hand_over", card.commune_code)
    return _end(card, CardState.WITHDRAWN, rules.check_reason(reason), by=by, at=at)


@transaction.atomic
def report_lost(*, card_id: int, reason: str, by: Actor, at: dt.datetime) -> Card:
    """Write down that a card is lost, by its holder or on the way. Raises WrongStep, ReasonMissing."""
    card = _locked_cards([card_id])[0]
    by.must("cards.hand_over", card.commune_code)
    return _end(card, CardState.LOST, rules.check_reason(reason), by=by, at=at)


@transaction.atomic
def note_export(*, card_id: int, by: Actor, at: dt.datetime) -> None:
    """Write down that a card's chip files left the house."""
    card = queries.card_by_id(card_id)
    audit.record("cards.exported", card.subject, by=by, at=at, person_ids=[card.person_id])


def _begin(applications: Sequence[Application], *, by: Actor, at: dt.datetime) -> list[Card]:
    """Make a card for each approved application; the printer follows `cards.released`."""
    persons = _persons(applications)
    issued_on = day_of(at)
    cards = []
    for one in applications:
        person = persons[one.person_id]
        cards.append(
            Card.objects.create(
                application=one,
                person_id=one.person_id,
                serial=f"{one.code}-{one.cards.count() + 1}",
                number=person.number,
                commune_code=one.commune_code,
                simulated=one.simulated,
                issued_on=issued_on,
                expires_on=rules.expires_on(PartialDate.parse(person.born), issued_on),
                approved_at=at,
            )
        )
    for start in range(0, len(cards), CHUNK):
        _record_cards("cards.released", cards[start : start + CHUNK], by=by, at=at)
    return cards


def _end(card: Card, state: CardState, reason: str, *, by: Actor, at: dt.datetime) -> Card:
    rules.check_card_move(CardState(card.state), state, card.serial)
    card.state, card.ended_at, card.end_reason = state, at, reason
    card.save(update_fields=["state", "ended_at", "end_reason"])
    audit.record(
        f"cards.{state.value}", card.subject, by=by, at=at, person_ids=[card.person_id],
        facts={"serial": card.serial, "reason": reason},
    )  # fmt: skip
    return card


def _record_cards(action: str, cards: Sequence[Card], *, by: Actor, at: dt.datetime) -> None:
    audit.record(
        action, cards[0].subject if len(cards) == 1 else "cards.Card", by=by, at=at,
        person_ids=[card.person_id for card in cards],
        facts={"cards": [card.pk for card in cards], "serials": [card.serial for card in cards]},
    )  # fmt: skip


def _locked(application_ids: Iterable[int]) -> list[Application]:
    return list(Application.objects.select_for_update().filter(pk__in=list(application_ids)).order_by("pk"))


def _locked_cards(card_ids: Iterable[int]) -> list[Card]:
    found = Card.objects.select_for_update(of=("self",)).select_related("application")
    return list(found.filter(pk__in=list(card_ids)).order_by("pk"))


def _persons(applications: Iterable[Application]) -> dict[int, Person]:
    """Who asks, by id: also those who have moved out of the officer's area meanwhile."""
    with acting_as(job_actor("cards.holders")):
        return {one.pk: one for one in people.many(one.person_id for one in applications)}


def _open_approval(application: Application) -> Approval:
    return officer_queries.approvals_on(application.subject).get(kind=rules.RELEASE, decided_at=None)


def _refuse_second(person_id: int) -> None:
    undecided = [ApplicationState.REQUESTED, ApplicationState.PROPOSED]
    open_one = (
        Application.objects.filter(person=person_id)
        .filter(Q(state__in=undecided) | Q(cards__state__in=rules.IN_MAKING))
        .first()
    )
    if open_one is not None:
        raise rules.AlreadyAskedFor(code=open_one.code)


def _new_code(on_slip: str) -> str:
    """The code on the person's slip, or another where somebody has the same: stations draw them apart."""
    code = on_slip
    while Application.objects.filter(code=code).exists():
        code = public_code()
    return code
