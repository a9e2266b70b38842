"""What the documentation says of the code is so."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.reference import order

ROOT = Path(__file__).parent.parent.parent
SETTING = re.compile(r'"(HOABAN_[A-Z_]+|DATABASE_URL)"')


def test_the_reference_and_the_drawing_are_as_the_code_is() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "scripts.reference", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr


def test_every_setting_is_described() -> None:
    described = (ROOT / "docs" / "settings.md").read_text()
    files = [path for folder in ("hoaban", "tests") for path in (ROOT / folder).rglob("*.py")]

    named = {name for path in files for name in SETTING.findall(path.read_text())}

    assert {name for name in named if f"`{name}" not in described} == set()


@pytest.mark.parametrize("path", sorted((ROOT / "docs" / "decisions").glob("*.md")), ids=lambda path: path.name)
def test_a_decision_is_short_and_says_why(path: Path) -> None:
    text = path.read_text()

    assert len(text.splitlines()) < 50
    assert "ontext" in text
    assert "ecision" in text
    assert "onsequences" in text


def test_the_table_of_needs_is_long_enough_and_names_rooms() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text()

    rows = re.findall(r"^\| ([^|]+) \| ([a-z]+|every room) → ([a-z, ]+) \| (?:query|action|follow) \|", text, re.M)

    assert len(rows) >= 25
    for _need, asker, below in rows:
        for room in below.split(", "):
            if "every room" not in (asker, room[:10]):
                assert order().index(asker) < order().index(room), (asker, room)
