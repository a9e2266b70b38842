"""`hoaban cards …` for people at a terminal and for machines."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hoaban.base.errors import NotFound
from hoaban.cards import commands, rules
from hoaban.cards.engine import sod
from tests.cards import world
from tests.cards.test_chip import needs_openssl

pytestmark = pytest.mark.usefixtures("db")


def run(*words: str) -> object:
    answer = CliRunner().invoke(commands.app, list(words))
    if answer.exception is not None and not isinstance(answer.exception, SystemExit):
        raise answer.exception
    return json.loads(answer.stdout)


@needs_openssl
def test_an_exported_chip_verifies_with_openssl_and_here(tmp_path: Path) -> None:
    card = world.in_hand(world.holder())

    run("chip", card.number, "--out", str(tmp_path), "--json")

    (tmp_path / "sod.cms").write_bytes(sod.message_of((tmp_path / "EF.SOD").read_bytes()))
    ran = subprocess.run(
        ["openssl", "cms", "-verify", "-inform", "DER", "-in", "sod.cms", "-CAfile", "csca.pem",
         "-purpose", "any", "-no_check_time", "-out", "lds.der"],
        cwd=tmp_path, capture_output=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0
    assert run("verify", str(tmp_path), "--json") == {"ok": True, "faults": []}


def test_a_changed_file_is_named(tmp_path: Path) -> None:
    card = world.in_hand(world.holder())
    run("chip", card.number, "--out", str(tmp_path), "--json")
    (tmp_path / "DG13").write_bytes(b"other facts")

    assert run("verify", str(tmp_path), "--json") == {"ok": False, "faults": ["group_13_changed"]}


def test_an_empty_folder_and_an_unknown_number_get_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(rules.NoChipThere):
        run("verify", str(tmp_path))
    with pytest.raises(NotFound):
        run("chip", "011185009999", "--out", str(tmp_path / "out"))


def test_cards_are_listed_by_state() -> None:
    card = world.in_hand(world.holder())
    world.released(world.holder("011190005678"))

    rows = run("list", "--state", "handed_over", "--limit", "1", "--json")

    assert isinstance(rows, list)
    assert [(row["serial"], row["valid"]) for row in rows] == [(card.serial, True)]
