"""Whoever follows an entry of the audit waits for one that somebody writes."""

from __future__ import annotations

from pathlib import Path

from hoaban.audit import actions as audit

PACKAGE = Path(__file__).parent.parent.parent / "hoaban"


def test_what_is_followed_is_recorded_by_a_lower_room() -> None:
    sources = {path: path.read_text() for path in PACKAGE.rglob("actions*.py")}
    sources |= {path: path.read_text() for path in PACKAGE.glob("*/actions/*.py")}

    for action in audit.followers():
        room = action.split(".")[0]
        assert any(f'"{action}"' in text and room in path.parts for path, text in sources.items()), action
