"""Any order of work, power cuts, bad lines, sticks and restored disks: nothing lost, nothing doubled.

A model beside the real code knows only which enrolments were sealed on a disk that still exists.
"""

from __future__ import annotations

import random
import shutil
import zipfile
from contextlib import ExitStack
from pathlib import Path
from unittest import mock

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from hoaban.base import durable
from hoaban.base.clock import now
from hoaban.enrolment import actions as enrolment
from hoaban.enrolment.models import Enrolment, Packet, Receipt
from hoaban.enrolment.rules import packet, worklist
from hoaban.kit import actions, queries
from hoaban.kit.line import HttpLine
from hoaban.web.actor import acting_as, job_actor
from tests import make, make_station
from tests.make import MAKER
from tests.make_station import OPERATOR, BadLine

SEEDS = st.integers(0, 2**16)
WALK_IN = worklist.Expected(0, "", "Lo Pao May", "F", "1958", "", make.NAM_KHAN)


class Field(RuleBasedStateMachine):
    """A station in the field."""

    folder: Path  # set by the test

    def __init__(self) -> None:
        super().__init__()
        self._before = transaction.savepoint()
        self.home = self.folder / f"example{random.SystemRandom().getrandbits(40)}"
        self._around = ExitStack()
        self._around.enter_context(acting_as(job_actor("test")))
        self._around.enter_context(make_station.province(self.home / "province"))
        self.station = make_station.station(self.home / "station")
        make_station.give_list(self.station)
        self.sealed: set[str] = set()
        self.in_copy: set[str] | None = None

    def teardown(self) -> None:
        """The line is good again at last."""
        try:
            self._reach_the_end()
        finally:
            transaction.savepoint_rollback(self._before)
            self._around.close()

    def _reach_the_end(self) -> None:
        for _round in range(3):
            self._sync(make_station.line(self.station))
        make.run_due_jobs()
        received = set(Packet.objects.exclude(state="announced").values_list("ulid", flat=True))
        assert self.sealed <= received
        assert queries.condition(self.station).waiting == 0
        assert Receipt.objects.count() == Enrolment.objects.count() == len(received)

    @rule()
    def enrol(self) -> None:
        """Somebody is enrolled."""
        self.sealed.add(self._finish(self._begin()))

    @rule(place=st.sampled_from(["write", "settle", "sync_folder"]))
    def cut_the_power_while_sealing(self, place: str) -> None:
        """The lights go out; after dark the operator finishes."""
        ulid = self._begin()
        with mock.patch.object(durable, place, side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
            self._finish(ulid)
        self.sealed.add(self._finish(ulid))

    @rule(seed=SEEDS, mischief=st.sampled_from([0.0, 0.3, 0.6, 1.0]))
    def send(self, seed: int, mischief: float) -> None:
        """A round on a line more or less bad."""
        self._sync(make_station.line(self.station, lambda inner: BadLine(inner, seed, mischief)))

    @rule(seed=SEEDS, receipts_come_back=st.booleans())
    def carry_a_stick(self, seed: int, receipts_come_back: bool) -> None:
        """Some packets of a stick, in any order, some twice."""
        actions.export(station=self.station, file=self.home / "stick.zip", by=MAKER)
        chance, tokens = random.Random(seed), []
        with zipfile.ZipFile(self.home / "stick.zip") as stick:
            names = stick.namelist()
            for name in chance.choices(names, k=len(names)) if names else []:
                content = stick.read(name)
                tokens.append(enrolment.receive_whole(content=content, came_by="usb", by=MAKER, at=now()).receipt)
        if receipts_come_back:
            actions.take_receipts(station=self.station, tokens=filter(None, tokens), by=MAKER, at=now())

    @rule()
    def copy_the_disk(self) -> None:
        """Somebody makes a copy of the station."""
        shutil.rmtree(self.home / "copy", ignore_errors=True)
        shutil.copytree(self.station.home, self.home / "copy")
        self.in_copy = set(self.sealed)

    @rule()
    def restore_the_copy(self) -> None:
        """The disk breaks; what wasn't copied or received before is gone with it."""
        if self.in_copy is None:
            return
        shutil.rmtree(self.station.home)
        shutil.copytree(self.home / "copy", self.station.home)
        received = set(Packet.objects.exclude(state="announced").values_list("ulid", flat=True))
        self.sealed &= self.in_copy | received

    @rule()
    def open_what_came(self) -> None:
        """The worker runs."""
        make.run_due_jobs()

    @rule()
    def tidy(self) -> None:
        """Old bytes are removed."""
        actions.tidy(station=self.station, by=MAKER, at=now(), keep_days=-1)

    @invariant()
    def whatever_the_station_calls_received_is_received(self) -> None:
        """A receipt never lies, and bytes are removed only after one."""
        for row in queries.outbox(self.station):
            if row["state"] == "received":
                assert Packet.objects.exclude(state="announced").filter(pk=row["ulid"], sha256=row["sha256"]).exists()
            else:
                assert (self.station.packets / f"{row['ulid']}.hbp").exists()

    def _begin(self) -> str:
        ulid = actions.begin(station=self.station, person=WALK_IN, by=OPERATOR, at=now()).ulid
        make_station.through(self.station, ulid)
        return ulid

    def _finish(self, ulid: str) -> str:
        actions.finish(station=self.station, ulid=ulid, by=OPERATOR, at=now())
        return ulid

    def _sync(self, line: HttpLine) -> None:
        actions.synchronise(station=self.station, line=line, by=MAKER, at=now())


@pytest.mark.django_db
def test_any_order_of_work_and_harm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packet, "CHUNK_BYTES", 5000)
    Field.folder = tmp_path

    run_state_machine_as_test(
        Field,
        settings=settings(
            max_examples=12, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
