"""In which words the audit is told, and in which role somebody acted."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

from hoaban.oversight import rules
from hoaban.oversight.rules import Held


def test_an_action_unknown_here_is_told_by_its_room() -> None:
    assert rules.action_in_words("cards.spoiled") == rules.ROOM_WORDS["cards"]
    assert rules.action_in_words("elsewhere.done") == "elsewhere.done"


def test_an_auditor_reads_every_action_in_words() -> None:
    package = Path(rules.__file__).parent.parent.parent
    sources = [path.read_text() for name in ("*/actions.py", "*/actions/*.py") for path in package.glob(name)]
    call = re.compile(r'(?:audit\.record|act\.tell\w*)\(\s*"([a-z_.]+)"')
    recorded = {found for text in sources for found in call.findall(text)}

    assert len(recorded) > 40
    assert sorted(recorded - set(rules.ENTRY_WORDS)) == []


def test_changed_facts_and_opened_parts_have_names() -> None:
    assert rules.parts_in_words("people.corrected", {"fields": ["born", "sex"]}) != ""
    assert rules.parts_in_words("people.looked", {"fields": ["no such part"]}) == ""
    assert rules.parts_in_words("people.looked", {"fields": "record"}) == ""


def test_the_role_is_that_of_the_day() -> None:
    day = dt.date(2026, 3, 1)
    before = Held("clerk", "A", day - dt.timedelta(days=30), day - dt.timedelta(days=1))
    then = Held("checker", "", day, None)

    assert rules.roles_on([before, then], day) == "checker"
    assert rules.roles_on([before, then], day - dt.timedelta(days=1)) == "clerk, A"
