"""A card from the cleared enrolment to its holder's hand, and everything that is refused on the way."""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from hoaban.audit import queries as audit
from hoaban.base.clock import now, today
from hoaban.base.errors import NotAllowed, NotFound
from hoaban.cards import actions, queries, rules
from hoaban.cards.engine import chip
from hoaban.cards.models import Application, Card
from hoaban.cards.rules import ApplicationState, CardState, Ending, Step
from hoaban.enrolment import queries as enrolment
from hoaban.officers import actions as officers
from hoaban.officers.rules import SameOfficer
from hoaban.people.models import Person
from hoaban.web.actor import NOBODY, Actor, Kind, acting_as
from tests import make
from tests.cards import world

pytestmark = pytest.mark.usefixtures("db")


def test_a_cleared_enrolment_asks_for_one_card_however_often_it_is_told() -> None:
    woman = world.holder()
    first = world.asked(woman)

    again = actions.request(
        enrolment_id=first.enrolment_id, person_id=woman.pk, commune_code=make.NAM_KHAN, simulated=True,
        by=make.MAKER, at=now(),
    )  # fmt: skip

    assert again.pk == first.pk
    assert first.kind == rules.Kind.FIRST
    assert audit.about(first.subject).filter(action="cards.requested").count() == 1


@pytest.mark.parametrize("so_far", [world.asked, world.proposed, lambda woman: world.released(woman)[0].application])
def test_nobody_gets_two_cards_at_once(so_far: object) -> None:
    woman = world.holder()
    open_one = so_far(woman)  # type: ignore[operator]

    with pytest.raises(rules.AlreadyAskedFor) as refused:
        world.asked(woman)

    assert refused.value.facts["code"] == open_one.code


def test_a_person_without_a_number_gets_no_card_yet() -> None:
    application = world.asked(make.person())

    with pytest.raises(rules.NoNumberYet):
        actions.propose(application_ids=[application.pk], by=world.actor("card_officer"), at=now())


def test_who_proposed_a_card_can_not_release_it() -> None:
    first = world.actor("card_officer")
    application = world.proposed(world.holder(), by=first)

    with pytest.raises(SameOfficer):
        actions.release(application_ids=[application.pk], by=first, at=now())

    application.refresh_from_db()
    assert application.state == ApplicationState.PROPOSED
    assert not queries.to_release(first).exists()


def test_an_officer_of_another_commune_releases_nothing() -> None:
    application = world.proposed(world.holder())

    with pytest.raises(NotAllowed):
        actions.release(application_ids=[application.pk], by=world.actor("card_officer", make.NAM_TIN), at=now())


def test_a_proposal_that_nobody_decides_goes_back_to_the_desk() -> None:
    application = world.proposed(world.holder())
    make.run_due_jobs()

    officers.expire(by=make.MAKER, at=now() + dt.timedelta(days=60))
    make.run_due_jobs()

    application.refresh_from_db()
    assert (application.state, application.proposed_at) == (ApplicationState.REQUESTED, None)
    actions.propose(application_ids=[application.pk], by=world.actor("card_officer"), at=now())


def test_two_officers_release_a_card_and_its_expiry_is_set() -> None:
    woman = world.holder()

    [card] = world.released(woman)

    assert card.serial == f"{card.code}-1"
    assert (card.state, card.number, card.issued_on) == (CardState.APPROVED, woman.number, today())
    assert card.expires_on == dt.date(1985 + 60, 12, 31)  # over 40, of a birth in 1985
    assert card.simulated


def test_who_moves_away_meanwhile_still_gets_the_card() -> None:
    woman = world.holder()
    application = world.proposed(woman)
    Person.objects.filter(pk=woman.pk).update(commune_code=make.NAM_TIN)

    second = world.actor("card_officer")
    with acting_as(second):
        [card] = actions.release(application_ids=[application.pk], by=second, at=now())

    assert card.number == woman.number


def test_a_declined_card_says_why_and_a_new_one_may_be_asked_for() -> None:
    woman = world.holder()
    application = world.proposed(woman)

    actions.decline(application_id=application.pk, reason=" blurred ", by=world.actor("card_officer"), at=now())

    application.refresh_from_db()
    assert (application.state, application.decline_reason) == (ApplicationState.DECLINED, "blurred")
    assert queries.track(application.code).ending is Ending.DECLINED
    assert world.asked(woman).pk != application.pk


def test_the_printer_makes_the_chip_and_the_faces() -> None:
    [card] = world.made(world.holder())

    folder = queries.files_of(card)
    files = chip.read(folder)
    assert card.state == CardState.PERSONALISED
    assert not chip.faults(files, queries.signing_authority().csca)
    assert (folder / "faces.pdf").read_bytes().startswith(b"%PDF")
    assert woman_in(files) == card.number
    assert queries.portrait_on(card).startswith(b"\xff\xd8")


def woman_in(files: chip.ChipFiles) -> str:
    """The number that the chip's machine readable zone bears."""
    return files.groups[1][-90:][15:27].decode()


def test_a_card_that_can_not_be_made_holds_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    stuck, other = world.released(world.holder(), world.holder("011190005678"))
    make_face = enrolment.face

    def face(enrolment_id: int) -> bytes:
        if enrolment_id == stuck.application.enrolment_id:
            raise NotFound(what=enrolment_id)
        return make_face(enrolment_id)

    monkeypatch.setattr(enrolment, "face", face)
    with pytest.raises(NotFound):
        make.run_due_jobs()
    make.run_due_jobs()

    assert queries.card_by_id(stuck.pk).state == CardState.APPROVED
    assert queries.card_by_id(other.pk).state == CardState.PERSONALISED


def test_a_card_is_made_once_however_often_the_job_runs() -> None:
    [card] = world.made(world.holder())

    actions.personalise(card_id=card.pk, by=make.MAKER, at=now())

    assert [path.name for path in (settings.HOABAN_FILES / "cards").iterdir()] == [card.folder]


def test_after_the_check_the_chip_s_key_is_in_the_chip_alone() -> None:
    [card] = world.made(world.holder())
    assert (queries.files_of(card) / chip.KEY).exists()

    actions.pass_check(card_ids=[card.pk], by=world.actor("card_officer"), at=now())
    make.run_due_jobs()

    assert not (queries.files_of(card) / chip.KEY).exists()


def test_a_chip_that_differs_does_not_pass() -> None:
    [card] = world.made(world.holder())
    path = queries.files_of(card) / "DG1"
    path.write_bytes(path.read_bytes()[:-1] + b"X")

    with pytest.raises(rules.ChipDiffers) as refused:
        actions.pass_check(card_ids=[card.pk], by=world.actor("card_officer"), at=now())

    assert "group_1_changed" in str(refused.value)


def test_a_spoiled_card_is_made_again_under_the_next_serial() -> None:
    [card] = world.made(world.holder())

    again = actions.spoil(card_id=card.pk, reason="smudged", by=world.actor("card_officer"), at=now())
    make.run_due_jobs()

    card.refresh_from_db()
    assert (card.state, card.end_reason) == (CardState.SPOILED, "smudged")
    assert again.serial == f"{card.code}-2"
    assert queries.card_by_id(again.pk).state == CardState.PERSONALISED
    assert queries.track(card.code).current is Step.PRINTED


def test_a_batch_takes_every_checked_card_of_the_commune() -> None:
    cards = world.packed(world.holder(), world.holder("011190005678"))

    assert cards[0].batch == cards[1].batch
    assert cards[0].batch is not None
    assert cards[0].batch.count == 2
    with pytest.raises(rules.NothingToPack):
        actions.make_batch(commune_code=make.NAM_KHAN, by=world.actor("card_officer"), at=now())


def test_a_card_missing_from_a_batch_stays_on_the_way() -> None:
    here, gone = world.sent(world.holder(), world.holder("011190005678"))
    assert here.batch is not None

    batch = actions.arrive(batch_id=here.batch.pk, missing=[gone.serial], by=world.actor("commune_officer"), at=now())

    assert (batch.arrived_count, batch.missing) == (1, 1)
    assert [card.pk for card in queries.ready_in({make.NAM_KHAN})] == [here.pk]
    assert [card.pk for card in queries.on_the_way()] == [gone.pk]


def test_a_batch_arrives_only_after_it_was_sent_and_once() -> None:
    [card] = world.packed(world.holder())
    assert card.batch is not None
    officer = world.actor("commune_officer")

    with pytest.raises(rules.WrongStep):
        actions.arrive(batch_id=card.batch.pk, by=officer, at=now())
    actions.send_batch(batch_id=card.batch.pk, by=world.actor("card_officer"), at=now())
    actions.arrive(batch_id=card.batch.pk, by=officer, at=now())
    with pytest.raises(rules.WrongStep):
        actions.arrive(batch_id=card.batch.pk, by=officer, at=now())


def test_a_card_is_handed_to_its_holder_once() -> None:
    woman = world.holder()
    [card] = world.ready(woman)
    officer = world.actor("commune_officer")

    for _time in range(2):
        actions.hand_over(card_id=card.pk, shown="1234", by=officer, at=now())

    entries = audit.about(card.subject).filter(action="cards.handed_over")
    assert [entry.person_ids for entry in entries] == [[woman.pk]]
    assert world.card_of(woman) == card
    assert list(queries.holders(make.NAM_KHAN)) == [woman.pk]
    assert queries.track(card.code).current is Step.HANDED_OVER


def test_a_card_is_not_handed_to_a_neighbour() -> None:
    [card] = world.ready(world.holder())

    with pytest.raises(rules.NotTheHolder):
        actions.hand_over(card_id=card.pk, shown="9999", by=world.actor("commune_officer"), at=now())

    assert not queries.holders(make.NAM_KHAN)


def test_a_new_card_ends_the_old_one() -> None:
    woman = world.holder()
    old = world.in_hand(woman)

    new = world.in_hand(woman)

    old.refresh_from_db()
    assert new.application.kind == rules.Kind.RENEWAL
    assert (old.state, world.card_of(woman)) == (CardState.WITHDRAWN, new)
    assert new.serial in old.end_reason


def test_who_lost_a_card_asks_for_it_again() -> None:
    woman = world.holder()
    card = world.in_hand(woman)

    actions.report_lost(card_id=card.pk, reason="in the river", by=world.actor("commune_officer"), at=now())

    assert world.card_of(woman) is None
    assert queries.track(card.code).ending is Ending.LOST
    assert world.asked(woman).kind == rules.Kind.REISSUE


def test_a_withdrawn_card_is_ended_with_its_reason() -> None:
    card = world.in_hand(world.holder())

    with pytest.raises(rules.ReasonMissing):
        actions.withdraw(card_id=card.pk, reason=" ", by=world.actor("commune_officer"), at=now())
    actions.withdraw(card_id=card.pk, reason="number cancelled", by=world.actor("commune_officer"), at=now())

    assert queries.track(card.code).ending is Ending.WITHDRAWN


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"state": "sent"}, "has_its_date|in_a_batch"),
        ({"state": "handed_over"}, "has_its_date"),
        ({"state": "lost"}, "ended_card_has_date_and_reason"),
        ({"number": "123"}, "card_bears_12_digits"),
        ({"expires_on": dt.date(2000, 1, 1)}, "card_expires_after_its_issue"),
    ],
)
def test_the_database_refuses_a_card_that_can_not_be(change: dict[str, object], constraint: str) -> None:
    [card] = world.released(world.holder())

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Card.objects.filter(pk=card.pk).update(**change)


def test_the_database_refuses_a_second_card_in_the_same_hand() -> None:
    woman = world.holder()
    old = world.in_hand(woman)
    [new] = world.ready(woman)

    with pytest.raises(IntegrityError, match="one_live_card_per_person"), transaction.atomic():
        Card.objects.filter(pk=new.pk).update(state="handed_over", handed_over_at=old.handed_over_at)


def test_only_officers_of_the_commune_and_the_holder_see_the_rows() -> None:
    woman = world.holder()
    world.in_hand(woman)
    citizen = Actor(Kind.CITIZEN, "citizen:1", "Lo Thi Uoc", person_id=woman.pk)

    def seen_by(actor: Actor) -> tuple[int, int]:
        with acting_as(actor):
            return Application.objects.count(), Card.objects.count()

    assert seen_by(world.actor("commune_officer")) == (1, 1)
    assert seen_by(citizen) == (1, 1)
    assert seen_by(world.actor("commune_officer", make.NAM_TIN)) == (0, 0)
    assert seen_by(NOBODY) == (0, 0)


def test_whoever_has_the_code_learns_where_the_card_is_and_no_row_opens() -> None:
    [card] = world.sent(world.holder())

    with acting_as(NOBODY):
        timeline = queries.track(f" {card.code[:3].lower()}-{card.code[3:]}")

    assert timeline.current is Step.SENT
    assert timeline.commune_code == make.NAM_KHAN
    with pytest.raises(NotFound):
        queries.track("ZZZZZZ")


def test_an_expired_card_is_no_valid_card() -> None:
    woman = world.holder()
    card = world.in_hand(woman)
    assert card.expires_on is not None

    after = card.expires_on + dt.timedelta(days=1)

    assert list(queries.holders(make.NAM_KHAN, card.expires_on)) == [woman.pk]
    assert not queries.holders(make.NAM_KHAN, after)
    assert not card.is_valid(after)


def test_a_card_past_the_law_s_limit_is_listed_as_late() -> None:
    application = world.asked(world.holder())
    last = queries.track(application.code).expected.last

    assert queries.late(None, last) == []
    assert queries.late(None, last + dt.timedelta(days=1)) == [application]
