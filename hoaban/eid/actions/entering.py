"""At the door: activation, sign-in, a new password.

A try is counted, and the count committed, before it is judged: a refusal takes nothing back, and many
tries at once are many tries. Known and unknown numbers are counted alike, take one slow hash each and are
answered with the same words, so that nobody learns here who has an account.
"""

from __future__ import annotations

import datetime as dt
from contextlib import AbstractContextManager

from django.contrib.auth import hashers
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.crypto import salted_hmac

from hoaban.audit import actions as audit
from hoaban.base.clock import day_of
from hoaban.base.ids import secret_digest
from hoaban.eid import queries, rules
from hoaban.eid.models import Account, Slip, Tries
from hoaban.eid.rules import State
from hoaban.web.actor import NOBODY, Actor, Kind, acting_as


def activate(*, number: str, slip_code: str, password: str, by: Actor, at: dt.datetime) -> Account:
    """Take an account into use with the number, the slip's code and a password of one's own.

    A new slip gives a new password to an account in use, and ends its sessions. The same again is the same
    account. Raises WeakPassword, TooManyTries, WrongSlip, SlipUsed, SlipExpired, NotOpen.
    """
    number = _tidy_number(number)
    _check_password(password, number)
    key = _count_try(number, at)
    found = queries.under(number)
    with _at_the_door(found):
        account, slip = _account(found), queries.slip_of(found.account_id) if found else None
        if not _matches(secret_digest(slip_code), slip.code_hash if slip else "") or not account or not slip:
            raise rules.WrongSlip(field="slip_code")
        if slip.used_at is not None:
            if account.state == State.ACTIVE and hashers.check_password(password, account.password):
                _forget(key)
                return account
            raise rules.SlipUsed(field="slip_code")
        if slip.expires_at <= at:
            raise rules.SlipExpired(field="slip_code", day=f"{day_of(slip.expires_at):%d/%m/%Y}")
        return _take_into_use(account, slip, password, key, by=by, at=at)


@transaction.atomic
def _take_into_use(account: Account, slip: Slip, password: str, key: str, *, by: Actor, at: dt.datetime) -> Account:
    account = Account.objects.select_for_update().get(pk=account.pk)
    if account.state not in (State.WAITING, State.ACTIVE):
        raise rules.NotOpen
    if queries.slip_of(account.pk) != slip:  # an officer gave a newer one meanwhile
        raise rules.WrongSlip(field="slip_code")
    if not Slip.objects.filter(pk=slip.pk, used_at=None).update(used_at=at):
        raise rules.SlipUsed(field="slip_code")
    was = account.state
    account.state, account.activated_at = State.ACTIVE, account.activated_at or at
    account.password, account.sessions_since = hashers.make_password(password), at
    account.save(update_fields=["state", "activated_at", "password", "sessions_since"])
    _forget(key)
    verb = "eid.activated" if was == State.WAITING else "eid.password_renewed"
    _record(verb, account, by=by, at=at, level=account.level)
    return account


def sign_in(*, number: str, password: str, by: Actor, at: dt.datetime) -> Account:
    """The account that the number and the password open. Raises TooManyTries, WrongPair, NotOpen."""
    number = _tidy_number(number)
    key = _count_try(number, at)
    found = queries.under(number)
    with _at_the_door(found):
        account = _account(found)
        if not _matches(password, account.password if account else "") or not account:
            raise rules.WrongPair(field="password")
        if account.state != State.ACTIVE:
            raise rules.NotOpen
        with transaction.atomic():
            _forget(key)
            _record("eid.signed_in", account, by=by, at=at, level=account.level)
        return account


def change_password(*, account_id: int, old: str, new: str, by: Actor, at: dt.datetime) -> Account:
    """Change the password, by its holder who knows the present one; other sessions end.

    Raises WeakPassword, NotTheirs, TooManyTries, WrongPassword.
    """
    account = queries.account(account_id)
    if by.person_id != account.person_id:
        raise rules.NotTheirs
    _check_password(new, account.person.number)
    key = _count_try(f"account {account_id}", at)
    if account.state != State.ACTIVE or not _matches(old, account.password):
        raise rules.WrongPassword(field="old")
    with transaction.atomic():
        account.password, account.sessions_since = hashers.make_password(new), at
        account.save(update_fields=["password", "sessions_since"])
        _forget(key)
        _record("eid.password_changed", account, by=by, at=at)
    return account


def _tidy_number(written: str) -> str:
    return written.replace(" ", "").replace(".", "")


def _check_password(password: str, number: str) -> None:
    rules.check_password(password, number)
    try:
        CommonPasswordValidator().validate(password)
    except ValidationError:
        raise rules.WeakPassword(field="password", why=rules.FAULT_WORDS["common"]) from None


def _matches(secret: str, encoded: str) -> bool:
    """Whether the secret is the one behind the hash; without a hash it takes as long and is wrong."""
    if not encoded:
        hashers.make_password(secret)
        return False
    return hashers.check_password(secret, encoded)


def _account(found: queries.Found | None) -> Account | None:
    return Account.objects.filter(pk=found.account_id).first() if found else None


def _at_the_door(found: queries.Found | None) -> AbstractContextManager[Actor]:
    """Nobody yet, who says that they are that person: the database shows that person's account alone."""
    return acting_as(Actor(Kind.NOBODY, "", "", person_id=found.person_id) if found else NOBODY)


@transaction.atomic
def _count_try(what: str, at: dt.datetime) -> str:
    """Count a try at a number before it is judged; its key. Raises TooManyTries."""
    key = salted_hmac("hoaban.eid.tries", what, algorithm="sha256").hexdigest()
    Tries.objects.get_or_create(key=key, defaults={"last_at": at})
    tries = Tries.objects.select_for_update().get(key=key)
    rules.check_may_try(tries.wait_until, at)
    if tries.last_at + rules.FORGOTTEN_AFTER < at:
        tries.count = 0
    tries.count += 1
    tries.last_at, tries.wait_until = at, at + rules.wait_after(tries.count)
    tries.save(update_fields=["count", "last_at", "wait_until"])
    return key


def _forget(key: str) -> None:
    Tries.objects.filter(key=key).delete()


def _record(action: str, account: Account, *, by: Actor, at: dt.datetime, **facts: object) -> None:
    """Write down who answers for it: the officer who helped, else the holder."""
    who = by if by.kind in (Kind.OFFICER, Kind.JOB) else queries.citizen_actor(account.pk)
    audit.record(action, account.subject, by=who, at=at, person_ids=[account.person_id], facts=facts)
