"""A small Nam Khan in which every indicator counts somebody, and nobody else."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from hoaban.base.clock import now
from hoaban.people.models import Person
from hoaban.services import actions as services
from tests import make
from tests.cards import world as cards
from tests.eid import world as eid
from tests.services import world as declaring
from tests.verification import world as checking


def few() -> dict[str, Person]:
    """Two of age and a child in Nam Khan, a neighbour in Nam Tin; none of them has got any further."""
    return {
        "an": make.person("Lo Thi An", born="1958"),
        "vi": make.person("Lo Thi Vi", born="1990"),
        "child": make.person("Lo Van Be", born="2020-05-01", sex="M"),
        "neighbour": make.person("Giang A Chu", born="1970", sex="M", commune_code=make.NAM_TIN),
    }


def people() -> dict[str, Person]:
    """Somebody for each thing that can be counted, a child, and a neighbour in another commune."""
    [checked] = checking.forms(_folder(), count=1)
    checking.check_all(checking.drawn(), cards.actor("checker"))
    family = declaring.family()
    services.approve(application_id=declaring.declared(family).pk, by=declaring.officer(), at=now())
    found = {
        "only counted": make.person("Lo Thi An", born="1958"),
        "child": make.person("Lo Van Be", born="2020-05-01", sex="M"),
        "checked": checked,
        "enrolled": cards.holder("011185000001"),
        "carded": cards.holder("011185000002"),
        "with account": cards.holder("011185000003"),
        "served": family.aunt,
        "neighbour": family.nephew,
    }
    cards.enrolled(found["enrolled"])
    cards.in_hand(found["carded"])
    eid.active(found["with account"])
    return found


def _folder() -> Path:
    folder: Path = settings.HOABAN_FILES
    folder.mkdir(parents=True, exist_ok=True)
    return folder
