"""The audit: entries, seals, followers."""

from __future__ import annotations

import time

import pytest
from django.db import ProgrammingError, connection, transaction

from hoaban.audit import actions as audit
from hoaban.audit import queries, rules
from hoaban.audit.models import Entry, Epoch
from hoaban.base.clock import now
from tests.make import MAKER


def _write(count: int) -> None:
    for number in range(count):
        audit.record("test.done", f"test.Thing:{number}", by=MAKER, at=now(), facts={"n": number})


def _all_sealed() -> Epoch:
    """Seal all there is; the last epoch. A transaction open anywhere on the server, another test's, holds it back."""
    for _ in range(600):
        audit.seal()
        if not Entry.objects.filter(epoch=None).exists():
            return Epoch.objects.latest("number")
        time.sleep(0.1)
    raise AssertionError("not everything was sealed within a minute")


@pytest.mark.django_db(transaction=True)
def test_what_is_sealed_can_be_proved_and_checked() -> None:
    _write(5)

    _all_sealed()

    assert queries.check_seals().holds
    for entry in Entry.objects.select_related("epoch"):
        assert entry.epoch is not None
        assert rules.leads_to(bytes(entry.leaf), queries.proof_of(entry), bytes(entry.epoch.root))


@pytest.mark.django_db(transaction=True)
def test_an_entry_of_an_open_transaction_is_not_sealed_before_it_ends() -> None:
    _write(1)
    _all_sealed()
    with transaction.atomic():
        _write(1)
        assert audit.seal() is None

    assert _all_sealed().count == 1


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["UPDATE audit_entry SET actor_name = 'x'", "DELETE FROM audit_entry"])
def test_the_app_cannot_change_or_remove_an_entry(change: str) -> None:
    _write(1)

    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as c,
    ):
        c.execute(change)
