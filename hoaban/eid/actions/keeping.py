"""Opening accounts, their slips, locking and closing them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.contrib.auth import hashers
from django.db import transaction

from hoaban.audit import actions as audit
from hoaban.base.clock import day_of
from hoaban.base.errors import NotFound
from hoaban.base.ids import secret_code, secret_digest
from hoaban.base.partial_date import PartialDate
from hoaban.eid import queries, rules
from hoaban.eid.models import AccessToken, Account, Slip, Tries
from hoaban.eid.rules import State
from hoaban.enrolment import queries as enrolment
from hoaban.people import rules as people_rules
from hoaban.web.actor import Actor, acting_as, job_actor


@transaction.atomic
def open_account(*, enrolment_id: int, by: Actor, at: dt.datetime) -> Account | None:
    """Open the account that a cleared enrolment asks for; the secret code on its slip activates it.

    None where it asks for none. Asked again, or for somebody who has an account, it's the one they have;
    the newest slip's code then counts while that account waits.
    A packet without such a code opens an account for which an officer gives a slip.
    """
    asked = enrolment.enrolment(enrolment_id)
    if not asked.wants_eid or asked.person is None:
        return None
    present = Account.objects.select_for_update().filter(enrolment=enrolment_id).first()
    if present is not None:
        return present
    present = queries.account_of(asked.person.pk)
    if present is not None:
        if present.state == State.WAITING:
            _make_slip(present, asked.activation_hash, at)
        return present
    account = Account.objects.create(
        person=asked.person, enrolment=asked, simulated=asked.simulated, opened_at=at,
        level=rules.level_for(asked.level, PartialDate.parse(asked.person.born), day_of(at)),
    )  # fmt: skip
    _make_slip(account, asked.activation_hash, at)
    audit.record(
        "eid.opened", account.subject, by=by, at=at, person_ids=[account.person_id],
        facts={"level": account.level, "enrolment": enrolment_id},
    )  # fmt: skip
    return account


@transaction.atomic
def give_slip(*, account_id: int, by: Actor, at: dt.datetime) -> str:
    """Make a new slip, for whoever lost theirs or forgot the password; its code, which is kept nowhere.

    Raises NotOpen where the account is locked or closed.
    """
    account = _locked_row(account_id)
    by.must(rules.GIVE_SLIP, account.person.commune_code)
    if account.state not in (State.WAITING, State.ACTIVE):
        raise rules.NotOpen
    code = secret_code()
    _make_slip(account, hashers.make_password(secret_digest(code)), at)
    audit.record("eid.slip_given", account.subject, by=by, at=at, person_ids=[account.person_id])
    return code


@transaction.atomic
def lock(*, account_id: int, reason: str, by: Actor, at: dt.datetime) -> Account:
    """Let nobody in, until it's unlocked: by an officer or the holder. Raises WrongStep, ReasonMissing."""
    account = _move(account_id, State.LOCKED, by, reason=reason, locked_at=at, sessions_since=at)
    _record("eid.locked", account, by, at, reason=account.reason)
    return account


@transaction.atomic
def unlock(*, account_id: int, by: Actor, at: dt.datetime) -> Account:
    """Let the holder in again, by an officer. Raises WrongStep, people.RecordJoined."""
    account = queries.account(account_id)
    by.must(rules.LOCK, account.person.commune_code)
    if account.person.joined_to_id is not None:
        raise people_rules.RecordJoined(name=account.person.full_name)
    if account.state != State.LOCKED:
        raise rules.WrongStep(state=account.state_words)
    account = _move(account_id, State.ACTIVE if account.activated_at else State.WAITING, by)
    _record("eid.unlocked", account, by, at)
    return account


@transaction.atomic
def close(*, account_id: int, reason: str, by: Actor, at: dt.datetime) -> Account:
    """End an account for ever: by an officer or the holder. Raises WrongStep, ReasonMissing."""
    account = _move(account_id, State.CLOSED, by, reason=reason, closed_at=at)
    _record("eid.closed", account, by, at, reason=account.reason)
    return account


@transaction.atomic
def end_sessions(*, account_ids: Sequence[int], by: Actor, at: dt.datetime) -> None:
    """Whoever is signed in with one of these accounts is out, and agencies fetch nothing more. Raises NotAllowed."""
    by.must(rules.LOCK)
    Account.objects.filter(pk__in=account_ids).update(sessions_since=at)
    _revoke_tokens(account_ids, at)


def forget_tries(*, by: Actor, at: dt.datetime) -> int:
    """Delete the counts of tries that are too old to matter; how many."""
    by.must("eid.forget")
    return Tries.objects.filter(last_at__lt=at - rules.FORGOTTEN_AFTER).delete()[0]


def _move(account_id: int, to: State, by: Actor, *, reason: str | None = None, **dates: dt.datetime) -> Account:
    account = _locked_row(account_id)
    if by.person_id != account.person_id:
        by.must(rules.LOCK, account.person.commune_code)
    rules.check_move(State(account.state), to)
    account.state, account.reason = to, "" if reason is None else rules.check_reason(reason)
    for name, value in dates.items():
        setattr(account, name, value)
    account.save(update_fields=["state", "reason", *dates])
    if dates:
        _revoke_tokens([account.pk], max(dates.values()))
    return account


def _revoke_tokens(account_ids: Sequence[int], at: dt.datetime) -> None:
    with acting_as(job_actor("eid.revoke")):  # officers don't see what people share, and end it all the same
        AccessToken.objects.filter(code__account__in=account_ids, revoked_at=None).update(revoked_at=at)


def _locked_row(account_id: int) -> Account:
    found = Account.objects.select_for_update(of=("self",)).select_related("person").filter(pk=account_id).first()
    if found is None:
        raise NotFound(what=account_id)
    return found


def _make_slip(account: Account, code_hash: str, at: dt.datetime) -> None:
    if code_hash:
        until = rules.slip_expires(at, day_of(at))
        Slip.objects.create(account=account, code_hash=code_hash, made_at=at, expires_at=until)


def _record(action: str, account: Account, by: Actor, at: dt.datetime, **facts: object) -> None:
    audit.record(action, account.subject, by=by, at=at, person_ids=[account.person_id], facts=facts)
