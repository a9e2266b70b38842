"""Whether the seals hold, and the proof that an entry stands in its epoch. Sealing needs finished transactions."""

from __future__ import annotations

import pytest
from django.test import Client

from hoaban.audit import actions as audit_actions
from hoaban.audit.models import Entry
from hoaban.base.clock import now
from hoaban.oversight import queries
from tests import make
from tests.audit.tampering import as_owner, seal_all

pytestmark = pytest.mark.django_db(transaction=True)


def sealed() -> Entry:
    """The fifth of seven entries, sealed."""
    written = [
        audit_actions.record("people.looked", "people.Person:1", by=make.MAKER, at=now(), person_ids=[1])
        for _n in range(7)
    ]
    seal_all()
    return written[4]


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
    assert proof.epoch.root in page
    assert "as they were written" in seals
    as_owner("UPDATE audit_entry SET actor_name = 'somebody else' WHERE id = %s", [entry.pk])
    changed = queries.proof_of(entry)
    assert changed is not None
    assert not changed.holds
    assert entry.ulid in client.get("/giam-sat/niem-phong").content.decode()


def test_an_entry_that_is_not_sealed_yet_says_so(client: Client) -> None:
    client.cookies["django_language"] = "en"
    client.force_login(make.officer("auditor", "11", "province"))
    entry = audit_actions.record("people.looked", "people.Person:1", by=make.MAKER, at=now())

    assert "Not sealed yet" in client.get(f"/giam-sat/{entry.ulid}").content.decode()
    assert client.get("/giam-sat/01ZZZZZZZZZZZZZZZZZZZZZZZZ").status_code == 404
