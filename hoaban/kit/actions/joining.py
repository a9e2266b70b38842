"""A station is set up, registered, given its lists, and counts anew after a restore."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

from django.contrib.auth.hashers import check_password

from hoaban.base import durable, records
from hoaban.enrolment.rules import station as joining
from hoaban.enrolment.rules import worklist
from hoaban.kit import queries, rules, store
from hoaban.kit.store import Station
from hoaban.web.actor import Actor


def init(*, home: Path, code: str, by: Actor) -> joining.StationRequest:
    """Set a station up: keys are made here and stay here; `request.json` goes to the province.

    Raises AlreadyThere.
    """
    station = store.make(home, code)
    request = joining.StationRequest(code, station.signing.public, station.recipient)
    durable.write(home / "request.json", json.dumps(records.plain(request), indent=1).encode())
    return request


def take_pass(*, station: Station, given: joining.StationPass, by: Actor) -> None:
    """Keep what the province gave: its keys and its address."""
    durable.write(station.home / "kit.json", json.dumps(records.plain(given), indent=1).encode())


def call_server(*, station: Station, server_url: str, by: Actor) -> None:
    """Reach the province under this address from now on."""
    with station.writing() as db:
        store.put(db, "server_url", server_url)


def take_list(*, station: Station, sealed: bytes, by: Actor, at: datetime) -> int:
    """Keep a list that came by net or stick; its version. An older one changes nothing. Raises ForeignList."""
    given = queries.opened_list(sealed, station.identity, station.registered.server_public, station.code)
    with station.writing() as db:
        db.execute(
            "INSERT OR REPLACE INTO list (version, sealed, came_at) VALUES (?, ?, ?)",
            (given.version, sealed, at.isoformat()),
        )
        db.execute("DELETE FROM list WHERE version < (SELECT max(version) FROM list)")
    return given.version


def unlock(*, station: Station, operator_id: str, pin: str, by: Actor, at: datetime) -> worklist.Operator:
    """Open the station for an operator of its list. Raises WrongPin, TooManyPins, NoList."""
    with station.writing() as db:
        rest = store.value(db, "pin_rest_until")
        if rest and at < datetime.fromisoformat(rest):
            raise rules.TooManyPins(minutes=rules.PIN_REST_MINUTES)
    found = next((one for one in queries.work_list(station).operators if one.id == operator_id), None)
    is_right = found is not None and check_password(pin, found.pin_hash)
    with station.writing() as db:
        wrong = 0 if is_right else int(store.value(db, "wrong_pins", "0")) + 1
        if wrong >= rules.PIN_TRIES:
            store.put(db, "pin_rest_until", (at + timedelta(minutes=rules.PIN_REST_MINUTES)).isoformat())
            wrong = 0
        store.put(db, "wrong_pins", str(wrong))
    if found is None or not is_right:
        raise rules.WrongPin
    return found


def begin_epoch(*, station: Station, by: Actor) -> str:
    """Count packets anew: after the station's disk was restored from a copy."""
    with station.writing() as db:
        return store.begin_epoch(db)
