"""A small Nam Khan in which every indicator counts somebody, and nobody else."""

from __future__ import annotations

from hoaban.people.models import Person
from tests import make
from tests.cards import world


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
    found = {
        "only counted": make.person("Lo Thi An", born="1958", village_code=""),
        "child": make.person("Lo Van Be", born="2020-05-01", sex="M"),
        "enrolled": world.holder("011185000001"),
        "carded": world.holder("011185000002"),
        "neighbour": make.person("Giang A Chu", born="1970", sex="M", commune_code=make.NAM_TIN),
    }
    world.enrolled(found["enrolled"])
    world.in_hand(found["carded"])
    return found
