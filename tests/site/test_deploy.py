"""What `deploy/` names exists: commands, options, settings."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CALL = re.compile(r"-m hoaban ([a-z-]+)((?: --[a-z-]+(?: \d+)?)*)")
CALLS = {
    (path.name, *call.groups())
    for path in sorted((ROOT / "deploy").iterdir())
    for call in CALL.finditer(path.read_text())
}


@pytest.mark.parametrize(("name", "verb", "options"), sorted(CALLS))
def test_every_command_of_a_unit_is_one_of_ours(name: str, verb: str, options: str) -> None:
    told = subprocess.run([sys.executable, "-m", "hoaban", verb, "--help"], capture_output=True, text=True, check=False)

    assert told.returncode == 0, name
    assert all(option in told.stdout for option in re.findall(r"--[a-z-]+", options))


def test_every_setting_of_the_environment_is_documented() -> None:
    named = re.findall(r"^([A-Z_]+)=", (ROOT / "deploy" / "hoaban.env").read_text(), re.MULTILINE)
    documented = (ROOT / "docs" / "settings.md").read_text()

    assert named
    assert all(f"`{name}`" in documented for name in named)


def test_the_backup_keeps_the_days_the_docs_say() -> None:
    kept = re.search(r"-mtime \+(\d+)", (ROOT / "deploy" / "hoaban-backup.service").read_text())

    assert kept
    assert f"keeps {kept[1]} days" in (ROOT / "docs" / "operations.md").read_text()
