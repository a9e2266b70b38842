"""Accounts from the cleared enrolment to the closed account: once, written down, walled."""

from __future__ import annotations

import datetime as dt

import pytest

from hoaban.audit import actions as audit_actions
from hoaban.audit import queries as audit
from hoaban.base.clock import now
from hoaban.base.errors import NotAllowed, NotFound
from hoaban.eid import actions, queries, rules
from hoaban.eid.models import Account, Slip, Tries
from hoaban.people import actions as people
from hoaban.web.actor import NOBODY, Kind, acting_as
from tests import make
from tests.cards import world as cards
from tests.eid import world

pytestmark = pytest.mark.usefixtures("db")
NUMBER = cards.NUMBER


def told(person_id: int) -> list[str]:
    """What the audit says of somebody's e-ID, oldest first."""
    return [one.action for one in reversed(audit.touching(person_id)) if one.action.startswith("eid.")]


def enter(password: str = world.PASSWORD, number: str = NUMBER, at: dt.datetime | None = None) -> Account:
    with acting_as(NOBODY):
        return actions.sign_in(number=number, password=password, by=NOBODY, at=at or now())


def activate(code: str, password: str = world.PASSWORD, number: str = NUMBER, at: dt.datetime | None = None) -> Account:
    with acting_as(NOBODY):
        return actions.activate(number=number, slip_code=code, password=password, by=NOBODY, at=at or now())


def test_a_cleared_enrolment_opens_the_account_it_asks_for_once() -> None:
    woman = cards.holder()
    one = world.enrolled(woman)
    cleared = {"enrolment": one.pk, "person": woman.pk}

    for _again in range(2):
        audit_actions.record(
            "matching.cleared", f"enrolment.Enrolment:{one.pk}", by=make.MAKER, at=now(), facts=cleared,
            person_ids=[woman.pk],
        )  # fmt: skip
        make.run_due_jobs()

    account = queries.account_of(woman.pk)
    assert account is not None
    assert (account.state, account.level, account.simulated) == ("waiting", 2, True)
    assert Account.objects.count() == Slip.objects.count() == 1
    assert told(woman.pk) == ["eid.opened"]


def test_the_code_that_follows_the_card_activates_nothing() -> None:
    one = world.enrolled(cards.holder())
    actions.open_account(enrolment_id=one.pk, by=make.MAKER, at=now())

    for public in (one.slip_code, one.activation_hash):
        with pytest.raises(rules.WrongSlip):
            activate(public)

    assert activate(world.secret_of(one)).state == "active"
    assert world.secret_of(one) not in str(vars(one))


def test_an_enrolment_of_an_older_station_opens_an_account_that_waits_for_a_slip() -> None:
    one = world.enrolled(cards.holder())
    type(one).objects.filter(pk=one.pk).update(activation_hash="")

    account = actions.open_account(enrolment_id=one.pk, by=make.MAKER, at=now())
    assert account is not None
    with pytest.raises(rules.WrongSlip):
        activate("")
    code = actions.give_slip(account_id=account.pk, by=cards.actor("commune_officer"), at=now())

    assert activate(code).state == "active"


def test_who_asked_for_no_account_gets_none() -> None:
    one = world.enrolled(cards.holder())
    one.wants_eid = False
    one.save()

    assert actions.open_account(enrolment_id=one.pk, by=make.MAKER, at=now()) is None
    assert not Account.objects.exists()


def test_a_second_enrolment_gives_a_new_slip_and_no_second_account() -> None:
    woman = cards.holder()
    account, old = world.opened(woman)
    again, new = world.opened(woman)

    with pytest.raises(rules.WrongSlip):
        activate(old)
    activate(new)

    assert again.pk == account.pk
    assert Account.objects.count() == 1


def test_the_slip_activates_the_account_and_the_same_again_is_the_same() -> None:
    woman = cards.holder()
    account, code = world.opened(woman)

    first = activate(f" {code[:3].lower()} {code[3:]}", number="011 185 001 234")
    second = activate(code)

    assert first.pk == second.pk == account.pk
    assert enter().pk == account.pk
    assert told(woman.pk) == ["eid.opened", "eid.activated", "eid.signed_in"]
    entry = audit.about(account.subject).get(action="eid.activated")
    assert (entry.actor_kind, entry.actor_name) == (Kind.CITIZEN, woman.full_name)


def test_a_used_slip_gives_nobody_else_a_password() -> None:
    _account, code = world.opened(cards.holder())
    activate(code)

    with pytest.raises(rules.SlipUsed):
        activate(code, "quite another one")


def test_an_old_slip_says_until_when_it_was_good() -> None:
    _account, code = world.opened(cards.holder())

    with pytest.raises(rules.SlipExpired) as no:
        activate(code, at=now() + dt.timedelta(days=91))

    assert "/" in str(no.value)


def test_a_wrong_slip_an_unknown_number_and_a_wrong_password_sound_alike() -> None:
    _account, code = world.opened(cards.holder())
    with pytest.raises(rules.WrongSlip) as wrong:
        activate("ZZZZZZ")
    with pytest.raises(rules.WrongSlip) as unknown:
        activate(code, number="011190009999")
    activate(code)
    with pytest.raises(rules.WrongPair) as wrong_password:
        enter("not the password")
    with pytest.raises(rules.WrongPair) as unknown_number:
        enter(number="011190009999")

    assert str(wrong.value) == str(unknown.value)
    assert str(wrong_password.value) == str(unknown_number.value)


@pytest.mark.parametrize("number", [NUMBER, "011190009999"])
def test_wrong_tries_make_one_wait_whether_the_number_is_known_or_not(number: str) -> None:
    world.active(cards.holder())
    at = now()

    for _try in range(rules.FREE_TRIES):
        with pytest.raises(rules.WrongPair):
            enter("not the password", number, at)
    with pytest.raises(rules.TooManyTries):
        enter(world.PASSWORD, number, at)

    if number == NUMBER:
        assert enter(world.PASSWORD, number, at + dt.timedelta(minutes=1))
        assert not Tries.objects.exists()


def test_tries_are_forgotten_after_a_day() -> None:
    with pytest.raises(rules.WrongPair):
        enter(number="011190009999", at=now() - dt.timedelta(days=2))
    with pytest.raises(rules.WrongPair):
        enter(number="011190008888")

    assert actions.forget_tries(by=make.MAKER, at=now()) == 1
    with pytest.raises(NotAllowed):
        actions.forget_tries(by=cards.actor("province_officer"), at=now())


def test_a_weak_password_is_refused_before_the_slip_is_looked_at() -> None:
    _account, code = world.opened(cards.holder())

    for weak in ("12345678", "short", NUMBER, "password1"):
        with pytest.raises(rules.WeakPassword):
            activate(code, weak)

    assert Slip.objects.filter(used_at=None).exists()
    assert not Tries.objects.exists()


def test_the_password_is_changed_by_who_knows_it() -> None:
    account = world.active(cards.holder())
    citizen = queries.citizen_actor(account.pk)
    with acting_as(citizen):
        with pytest.raises(rules.WrongPassword):
            actions.change_password(account_id=account.pk, old="wrong", new="nuong ngo xanh", by=citizen, at=now())
        actions.change_password(account_id=account.pk, old=world.PASSWORD, new="nuong ngo xanh", by=citizen, at=now())

    with pytest.raises(rules.WrongPair):
        enter()
    assert enter("nuong ngo xanh")
    with pytest.raises(rules.NotTheirs):
        actions.change_password(
            account_id=account.pk,
            old="nuong ngo xanh",
            new=world.PASSWORD,
            by=cards.actor("province_officer"),
            at=now(),
        )


def test_a_new_slip_lets_who_forgot_the_password_in_again() -> None:
    woman = cards.holder()
    account = world.active(woman)

    code = actions.give_slip(account_id=account.pk, by=cards.actor("commune_officer"), at=now())
    activate(code, "nuong ngo xanh")

    assert enter("nuong ngo xanh").pk == account.pk
    assert told(woman.pk)[-3:] == ["eid.slip_given", "eid.password_renewed", "eid.signed_in"]


def test_slips_are_given_by_officers_of_the_commune() -> None:
    account, _code = world.opened(cards.holder())

    for stranger in (cards.actor("commune_officer", make.NAM_TIN), cards.actor("kit_operator")):
        with pytest.raises(NotAllowed):
            actions.give_slip(account_id=account.pk, by=stranger, at=now())


def test_a_locked_account_lets_nobody_in_until_it_is_unlocked() -> None:
    account = world.active(cards.holder())
    officer = cards.actor("commune_officer")

    with pytest.raises(rules.ReasonMissing):
        actions.lock(account_id=account.pk, reason=" ", by=officer, at=now())
    actions.lock(account_id=account.pk, reason="card lost", by=officer, at=now())
    with pytest.raises(rules.NotOpen):
        enter()
    with pytest.raises(rules.NotOpen):
        queries.citizen_actor(account.pk)
    actions.unlock(account_id=account.pk, by=officer, at=now())

    assert enter().pk == account.pk
    with pytest.raises(rules.WrongStep):
        actions.unlock(account_id=account.pk, by=officer, at=now())


def test_a_closed_account_is_over_and_a_new_one_can_be_opened() -> None:
    woman = cards.holder()
    account = world.active(woman)

    actions.close(account_id=account.pk, reason="at the holder's wish", by=queries.citizen_actor(account.pk), at=now())
    with pytest.raises(rules.WrongPair):
        enter()
    with pytest.raises(rules.WrongStep):
        actions.lock(account_id=account.pk, reason="again", by=make.MAKER, at=now())
    fresh, _code = world.opened(woman)

    assert fresh.pk != account.pk
    assert queries.account_of(woman.pk) == fresh


def test_nobody_signs_in_as_the_dead() -> None:
    woman = cards.holder()
    account = world.active(woman)
    people.correct(person_id=woman.pk, changes={"life": "dead"}, source="decision:1", by=make.MAKER, at=now())

    with pytest.raises(rules.NotOpen):
        enter()
    with pytest.raises(rules.NotOpen):
        queries.citizen_actor(account.pk)


def test_accounts_in_use_are_counted_where_their_holders_live() -> None:
    here = cards.holder()
    world.active(here)
    world.opened(cards.holder("011190005678"))

    assert queries.count_by_commune() == {make.NAM_KHAN: 1}
    assert list(queries.holders(make.NAM_KHAN)) == [here.pk]
    assert not queries.holders(make.NAM_TIN).exists()
    assert queries.waiting({make.NAM_KHAN}).count() == 1
    assert queries.waiting({make.NAM_TIN}).count() == 0


def test_walls_show_an_account_to_its_commune_and_its_holder_alone() -> None:
    account = world.active(cards.holder())
    other = world.active(cards.holder("011190005678"))

    def seen_by(actor: object) -> set[int]:
        with acting_as(actor):  # type: ignore[arg-type]
            slips = set(Slip.objects.values_list("account_id", flat=True))
            assert slips == set(Account.objects.values_list("pk", flat=True))
            return slips

    assert seen_by(NOBODY) == set()
    assert seen_by(cards.actor("commune_officer", make.NAM_TIN)) == set()
    assert seen_by(cards.actor("commune_officer")) == {account.pk, other.pk}
    assert seen_by(queries.citizen_actor(account.pk)) == {account.pk}
    with acting_as(cards.actor("commune_officer", make.NAM_TIN)), pytest.raises(NotFound):
        queries.account(account.pk)
