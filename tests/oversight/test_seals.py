"""Whether the seals hold, and the proof that an entry stands in its epoch. Sealing needs finished transactions."""

from __future__ import annotations

import time

import pytest
from django.test import Client

from hoaban.audit import actions as audit_actions
from hoaban.audit import queries as audit
from hoaban.audit.models import Entry
from hoaban.base.clock import now
from hoaban.oversight import queries
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)


def sealed() -> Entry:
    """The fifth of seven entries, sealed. A transaction open anywhere on the server, another test's, holds it back."""
    written = [
        audit_actions.record("people.looked", "people.Person:1", by=make.MAKER, at=now(), person_ids=[1])
        for _n in range(7)
    ]
    for _ in range(600):
        audit_actions.seal()
        if not Entry.objects.filter(epoch=None).exists():
            return audit.entry_under(written[4].ulid)
        time.sleep(0.1)
    raise AssertionError("not everything was sealed within a minute")


def test_a_sealed_entry_is_proved_by_what_it_says(client: Client) -> None:
    client.cookies["django_language"] = "en"
    officer = make.officer("auditor", "11", "province")
    entry = sealed()
    client.force_login(officer)

    proof = queries.proof_of(entry)
    page = client.get(f"/giam-sat/{entry.ulid}").content.decode()
    seals = client.get("/giam-sat/niem-phong").content.decode()

    assert proof is not None
    assert proof.holds
    assert len(proof.steps) >= 3
    assert "The entry stands in its epoch as it was written." in page
    assert proof.root in page
    assert "as they were written" in seals
    entry.actor_name = "somebody else"
    changed = queries.proof_of(entry)
    assert changed is not None
    assert not changed.holds


def test_an_entry_that_is_not_sealed_yet_says_so(client: Client) -> None:
    client.cookies["django_language"] = "en"
    client.force_login(make.officer("auditor", "11", "province"))
    entry = audit_actions.record("people.looked", "people.Person:1", by=make.MAKER, at=now())

    assert "Not sealed yet" in client.get(f"/giam-sat/{entry.ulid}").content.decode()
    assert client.get("/giam-sat/01ZZZZZZZZZZZZZZZZZZZZZZZZ").status_code == 404
