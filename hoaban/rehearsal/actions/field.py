"""The steps out in the villages: a week is planned, a station is set up, people are enrolled at it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from hoaban.audit import actions as audit
from hoaban.base.clock import day_of
from hoaban.campaign import actions as campaign
from hoaban.enrolment import actions as enrolment
from hoaban.enrolment import queries as enrolments
from hoaban.enrolment.rules import capture, review
from hoaban.enrolment.rules import station as joining
from hoaban.kit import actions as kit
from hoaban.kit import devices
from hoaban.kit import queries as kit_queries
from hoaban.kit.store import Station
from hoaban.rehearsal import queries, rules
from hoaban.visits import queries as visits
from hoaban.web.actor import Actor

if TYPE_CHECKING:
    from hoaban.rehearsal.actions.company import Company, Figures

OPERATOR = "to.luudong"


def plan_week(*, company: Company, by: Actor) -> Figures:
    """Plan a week of two teams in the commune, and promise it to everybody in it."""
    at = company.clock()
    with company.acting("canbo.tinh") as officer:
        teams = campaign.make_teams(commune_code=rules.COMMUNE, count=rules.TEAMS, by=officer, at=at)
        plan = campaign.plan_week(
            commune_codes=[rules.COMMUNE], team_codes=[one.code for one in teams],
            first_day=day_of(at) + dt.timedelta(days=rules.PLAN_BEGINS_IN_DAYS), by=officer, at=at,
        )  # fmt: skip
        campaign.fix(plan_id=plan.pk, by=officer, at=at)
    return {"teams": len(teams), "promised": visits.promised_by(str(plan)).count()}


def enrol_people(*, company: Company, by: Actor) -> Figures:
    """Set the station up, enrol those whom the team meets first, bring the packets home as on a stick."""
    station = _station(company, by)
    _expect(queries.entered_twice(rules.ENTERED_TWICE), company, by)
    _renew_list(station, company, by)
    story = {queries.person_of(one).pk for one in (rules.HEROINE, rules.NEPHEW)}
    meant = [one for one in kit_queries.work_list(station).people if one.person_id not in story]
    without = [one for one in meant if not one.starts_at]
    for person in [*without, *meant][: rules.ENROLLED]:
        _enrol(station, person.person_id, company)
    taken = _bring_home(station, company, by)
    audit.run_due()
    _expect([queries.person_of(rules.HEROINE).pk], company, by)
    _renew_list(station, company, by)
    return {"enrolled": taken, "on_the_list": len(kit_queries.work_list(station).people)}


def _station(company: Company, by: Actor) -> Station:
    at = company.clock()
    enrolment.make_keys(by=by, at=at)
    home = queries.station_folder()
    if not (home / "request.json").exists():
        kit.init(home=home, code=rules.STATION, by=by)
    station = Station(home)
    given = enrolment.register_kit(
        request=joining.StationRequest(rules.STATION, station.signing.public, station.recipient),
        team_code=rules.TEAM,
        by=by,
        at=at,
    )
    kit.take_pass(station=station, given=given, by=by)
    enrolment.admit_operator(kit=enrolments.kit(rules.STATION), username=OPERATOR, pin=rules.PIN, by=by, at=at)
    return station


def _expect(person_ids: Sequence[int], company: Company, by: Actor) -> None:
    kit_row = enrolments.kit(rules.STATION)
    enrolment.expect(kit=kit_row, person_ids=person_ids, by=by, at=company.clock())


def _renew_list(station: Station, company: Company, by: Actor) -> None:
    """The station takes its new list."""
    at = company.clock()
    made = enrolment.draw_list(kit=enrolments.kit(rules.STATION), by=by, at=at)
    kit.take_list(station=station, sealed=bytes(made.sealed), by=by, at=at)


def _enrol(station: Station, person_id: int, company: Company) -> None:
    """One person at the station, from the first question to the sealed packet, with mock devices."""
    with company.acting(OPERATOR) as operator:
        person = kit_queries.expected(station, person_id)
        ulid = kit.begin(station=station, person=person, by=operator, at=company.clock()).ulid
        same: dict[str, Any] = {"station": station, "ulid": ulid, "by": operator, "at": company.clock()}
        kit.confirm(**same, corrections="", phone="", wants_card=True, wants_eid=True)
        kit.take_face(**same, picture=devices.mock_face(ulid), source=capture.Source.MOCK)
        for press in capture.Press:
            _press(press, same)
        kit.agree(**same, consent=review.Consent.SIGNATURE)
        kit.finish(**same)


def _press(press: capture.Press, same: dict[str, Any]) -> None:
    """Press until it's clear, as often as one may."""
    reader = devices.MockFingerReader(f"{same['ulid']} {press}")
    for _try in range(capture.TRIES):
        draft = kit.press_fingers(**same, press=press, reader=reader)
        if all(one.quality >= capture.ENOUGH_FROM for one in draft.fingers if one.code in capture.FINGERS[press]):
            return


def _bring_home(station: Station, company: Company, by: Actor) -> int:
    """Carry the packets to the province as on a stick, and the receipts back; how many are confirmed."""
    tokens = []
    for row in kit_queries.outbox(station):
        content = (station.packets / f"{row['ulid']}.hbp").read_bytes()
        answer = enrolment.receive_whole(content=content, came_by="usb", by=by, at=company.clock())
        tokens.append(answer.receipt)
    return kit.take_receipts(station=station, tokens=tokens, by=by, at=company.clock())
