"""A real station and a real server, killed again and again, on a line that is cut."""

from __future__ import annotations

import os
import random
from pathlib import Path

import httpx

from hoaban.enrolment.models import Enrolment, Packet, Receipt
from hoaban.kit import queries
from hoaban.kit.store import Station
from tests import make, make_station
from tests.running import Killable, SlowLine, free_port, until_it_answers

PEOPLE = 6
KILLS = 6


def test_killed_stations_and_servers_lose_and_double_nothing(server: tuple[Killable, int], tmp_path: Path) -> None:
    process, server_port = server
    station = make_station.station(tmp_path / "station")
    persons = [make.person(f"Lo Pao May {n}") for n in range(PEOPLE)]
    make_station.give_list(station, *(person.pk for person in persons))
    ulids = {make_station.enrol(station, person.pk) for person in persons}
    until_it_answers(f"http://127.0.0.1:{server_port}/dong-bo/lists")
    line, chance = SlowLine(server_port), random.Random(7)
    line.start()

    for kill in range(KILLS):
        sync = _sync(station, line.port)
        line.wait_until_carried(chance.randrange(500, 40_000))
        (line.cut, process.kill, sync.kill)[kill % 3]()
        sync.kill()
        if kill % 3 == 1:
            process.start()
            until_it_answers(f"http://127.0.0.1:{server_port}/dong-bo/lists")
    last = _sync(station, line.port)
    last.wait(30)
    line.close()
    make.run_due_jobs()

    assert set(Packet.objects.exclude(state="announced").values_list("ulid", flat=True)) == ulids
    assert Receipt.objects.count() == Enrolment.objects.count() == PEOPLE
    assert queries.condition(station).waiting == 0


def _sync(station: Station, port: int) -> Killable:
    words = ("kit", "sync", "--home", str(station.home), "--server", f"http://127.0.0.1:{port}")
    return Killable(*words, environment=dict(os.environ))


def test_the_stations_pages_answer_on_loopback_and_survive_a_kill(tmp_path: Path, transactional_db: None) -> None:
    with make_station.province(tmp_path / "province"):
        station = make_station.station(tmp_path / "station")
    port = free_port()
    run = Killable("kit", "run", "--home", str(station.home), "--port", str(port), environment=dict(os.environ))

    for _again in range(2):
        until_it_answers(f"http://127.0.0.1:{port}/dong-bo")
        page = httpx.get(f"http://127.0.0.1:{port}/dong-bo")
        style = httpx.get(f"http://127.0.0.1:{port}/static/web/hb.css")
        run.kill()
        run.start()
    run.kill()

    assert (page.status_code, style.status_code) == (200, 200)
    assert "NK01" in page.text
