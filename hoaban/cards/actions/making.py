"""Making a released card, and whether it came out well."""

from __future__ import annotations

import datetime as dt
import hashlib
import shutil
from collections.abc import Iterable

from django.conf import settings
from django.db import transaction

from hoaban.audit import actions as audit
from hoaban.cards import queries, rules
from hoaban.cards.actions import writing
from hoaban.cards.engine import chip, faces, lds
from hoaban.cards.models import Card
from hoaban.cards.rules import CardState
from hoaban.enrolment import queries as enrolment
from hoaban.web.actor import Actor


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
    cards = queries.locked_cards(card_ids)
    csca = queries.signing_authority().csca
    for card in cards:
        by.must("cards.produce", card.commune_code)
        rules.check_card_move(CardState(card.state), CardState.CHECKED, card.serial)
        faults = chip.faults(chip.read(queries.files_of(card)), csca)
        if faults:
            raise rules.ChipDiffers(serial=card.serial, faults=", ".join(faults))
    Card.objects.filter(pk__in=[card.pk for card in cards]).update(state=CardState.CHECKED, checked_at=at)
    writing.record_cards(action="cards.checked", cards=cards, by=by, at=at)
    return len(cards)


@transaction.atomic
def spoil(*, card_id: int, reason: str, by: Actor, at: dt.datetime) -> Card:
    """Throw a made card away and have it made again under the next serial; the new card.

    Raises WrongStep, ReasonMissing.
    """
    card = queries.locked_cards([card_id])[0]
    by.must("cards.produce", card.commune_code)
    writing.end(card=card, state=CardState.SPOILED, reason=rules.check_reason(reason), by=by, at=at)
    return writing.begin(applications=[card.application], by=by, at=at)[0]


@transaction.atomic
def note_export(*, card_id: int, by: Actor, at: dt.datetime) -> None:
    """Write down that a card's chip files left the house."""
    card = queries.card_by_id(card_id)
    audit.record("cards.exported", card.subject, by=by, at=at, person_ids=[card.person_id])
