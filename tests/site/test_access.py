"""Every address as everybody: what opens to whom, compared with the table `access.csv`.

A small play gives each kind of record in one commune. Each role asks for it from that commune and from another:

- `-` refused, `open` wherever the officer is, `area` only to an officer of the record's commune;
- for citizens `own` means: to the one it is about and to nobody else;
- `post` before it where the address only takes what is sent, tried with an empty form from elsewhere;
- `sign in` where somebody unknown is asked to sign in first.

After a change that is meant, take the printed lines into the table; a reader of the table sees what was changed.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from hoaban.audit.models import Entry
from hoaban.base.clock import day_of, now
from hoaban.campaign.models import Plan
from hoaban.campaign.rules import SLUGS, Segment
from hoaban.cards.models import Batch, Card
from hoaban.eid.models import Account
from hoaban.enrolment.models import Enrolment, Kit, Packet
from hoaban.intake.models import FormRow
from hoaban.officers.rules import Role
from hoaban.people import actions as people
from hoaban.people import queries as people_queries
from hoaban.people.rules import Deed
from hoaban.rehearsal import actions as rehearsal
from hoaban.services.models import Application as Request
from hoaban.site.middleware import CITIZEN_SESSION_KEY, CITIZEN_SIGNED_IN_AT
from hoaban.verification.models import Lot
from hoaban.web.permissions import ANYONE, CITIZEN, MACHINES
from tests import make
from tests.matching import world as pairs
from tests.oversight import world as protected

TABLE = Path(__file__).parent / "access.csv"
HERE, ELSEWHERE = make.NAM_KHAN, make.NAM_TIN
REACHED = {200, 302, 400}
KEPT_FROM = {403, 404}
Arguments = dict[str, Any]

pytestmark = pytest.mark.django_db(transaction=True)


def _addresses(resolver: URLResolver, room: str = "", before: str = "") -> Iterator[tuple[str, str, URLPattern]]:
    for one in resolver.url_patterns:
        address = before + str(one.pattern)
        if isinstance(one, URLResolver):
            if not address.startswith("dong-chi/"):  # the sign-in pages of allauth, each officer's own
                yield from _addresses(one, one.app_name or room, address)
        else:
            yield address, f"{room}:{one.name}" if room else str(one.name), one


class World:
    """One record of each kind, all of them of the commune `HERE`."""

    def __init__(self) -> None:
        card = Card.objects.filter(application__commune_code=HERE).order_by("id")[0]
        plan = Plan.objects.order_by("id")[0]
        self.card, self.plan, self.case = card, plan, pairs.suspected()
        self.account = Account.objects.filter(person__commune_code=HERE, state="active").order_by("id")[0]
        self.request = Request.objects.filter(commune_code=HERE).order_by("id")[0]
        self.household_id = people_queries.person(self.account.person_id).household_id
        self.proposal = people.propose(
            deed=Deed.NUMBER, person_id=self.account.person_id, facts={}, source="update:1", by=make.MAKER, at=now()
        )
        returned = FormRow.objects.filter(commune_code=HERE, state="returned")
        self.returned = returned.order_by("batch", "line")[0]
        self.protected = protected.of(self.request.applicant_id)

    def arguments(self, name: str) -> Arguments:
        """What an address of that name is asked with."""
        room, page = name.rpartition(":")[::2]
        return self._of_page().get(name, {}) | self._of_room(room, page)

    def _of_page(self) -> dict[str, Arguments]:
        seen = Entry.objects.filter(action="cards.requested").order_by("id")[0]
        lot = Lot.objects.filter(commune_code=HERE).order_by("id")[0]
        return {
            "campaign:left": {"segment": SLUGS[Segment.FIXED]},
            "cards:application": {"code": self.card.application.code},
            "cards:track": {"code": self.card.application.code},
            "cards:batch": {"code": Batch.objects.order_by("id")[0].code},
            "cards:face-png": {"side": "truoc"},
            "enrolment:packet": {"ulid": Packet.objects.order_by("received_at")[0].ulid},
            "enrolment:kit": {"code": Kit.objects.order_by("code")[0].code},
            "enrolment:withdraw": {"code": Kit.objects.order_by("code")[0].code},
            "intake:mend": {"batch_id": self.returned.batch_id, "line": self.returned.line},
            "oversight:entry": {"ulid": seen.ulid},
            "services:question": {"number": 1},
            **self.protected,
            "steering:area-names": {"measure": "counted"},
            "steering:document": {"kind": "pdf"},
            "steering:register-names": {"measure": "questions"},
            "steering:register-names-of": {"measure": "questions"},
            "steering:register-document": {"kind": "csv"},
            "steering:register-document-of": {"kind": "csv"},
            "steering:names": {"measure": "counted"},
            "verification:round": {"round_id": lot.round_id},
            "verification:form": {"lot_id": lot.pk, "place": 1},
            "verification:image": {"lot_id": lot.pk, "place": 1},
            "web:error": {"status": 400},
        }

    def _of_room(self, room: str, page: str) -> Arguments:
        given: dict[str, Callable[[], Arguments]] = {
            "campaign": lambda: {
                "commune": HERE, "plan_id": self.plan.pk, "team": f"{HERE}-1", "day": str(self.plan.first_day),
            },
            "cards": lambda: {"serial": self.card.serial},
            "eid": lambda: {"account_id": self.account.pk},
            "enrolment": lambda: {"ulid": Enrolment.objects.filter(commune_code=HERE).order_by("pk")[0].ulid},
            "intake": lambda: {"batch_id": FormRow.objects.filter(commune_code=HERE).order_by("id")[0].batch_id},
            "matching": lambda: {"case_id": self.case.pk},
            "people": lambda: {
                "person_id": self.account.person_id, "way": "khai-tu", "household_id": self.household_id,
                "approval_id": self.proposal.pk,
            },
            "places": lambda: {"key": HERE},
            "services": lambda: {"code": self.request.code, "slug": "tam-tru"},
            "steering": lambda: {"code": HERE, "key": HERE, "commune": HERE, "village": "0"},
            "verification": lambda: {"lot_id": Lot.objects.filter(commune_code=HERE).order_by("id")[0].pk},
        }  # fmt: skip
        return given[room]() if room in given else {}


def _asked_for(world: World, name: str, page: URLPattern) -> str:
    wanted = page.pattern.converters
    known = world.arguments(name)
    asked = f"?den={day_of(now()):%d/%m/%Y}" if name == "steering:document" else ""
    return reverse(name, kwargs={key: known[key] for key in wanted}) + asked


def _cell(inside: Client, outside: Client, address: str, narrow: str) -> str:
    """What an address is to one whom its record concerns and to one whom it doesn't."""
    status = inside.get(address).status_code
    if status == 403:
        return "-"
    if status == 405:
        return f"post {narrow if outside.post(address).status_code in KEPT_FROM else 'open'}"
    assert status in REACHED, f"{address}: {status}"
    return narrow if outside.get(address).status_code in KEPT_FROM else "open"


def _officer(role: str, commune: str) -> Client:
    client = Client()
    client.force_login(make.officer(role, unit=commune))
    return client


def _citizen(account: Account) -> Client:
    client = Client()
    session = client.session
    session[CITIZEN_SESSION_KEY], session[CITIZEN_SIGNED_IN_AT] = account.pk, int(now().timestamp())
    session.save()
    return client


def _walked(world: World) -> list[dict[str, str]]:
    roles = {role.value: (_officer(role, HERE), _officer(role, ELSEWHERE)) for role in Role}
    holder = Account.objects.get(person_id=world.request.applicant_id)
    stranger, citizen = Client(), _citizen(holder)
    other = _citizen(Account.objects.filter(state="active").exclude(pk=holder.pk).order_by("id")[0])
    rows = []
    for address, name, page in _addresses(get_resolver()):
        permission = page.callback.permission  # type: ignore[attr-defined]
        if permission == MACHINES:
            continue
        asked = _asked_for(world, name, page)
        row = {"address": f"/{address}", "permission": permission}
        row["stranger"] = "sign in" if stranger.get(asked).status_code == 302 else "open"
        row["citizen"] = {ANYONE: "open", CITIZEN: ""}.get(permission, "sign in") or _cell(citizen, other, asked, "own")
        for role, (inside, outside) in roles.items():
            if permission in (ANYONE, CITIZEN):
                row[role] = "open" if permission == ANYONE else "-"
                continue
            row[role] = _cell(inside, outside, asked, "area")
        rows.append(row)
    return rows


def test_every_address_opens_to_whom_the_table_says(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("ERROR", logger="django.request")  # the refusals are what is looked at
    with override_settings(HOABAN_HOME=tmp_path, HOABAN_FILES=tmp_path / "files", HOABAN_KEYS=tmp_path / "keys"):
        rehearsal.play(people_count=400, seed=1, by=make.MAKER, clock=now)
        rows = _walked(World())

    with TABLE.open(encoding="utf-8", newline="") as file:
        table = [",".join(row) for row in csv.reader(file)]
    found = [",".join(rows[0]), *(",".join(row.values()) for row in rows)]
    assert sorted(set(found) ^ set(table)) == [], "\n".join(found)
