"""The register by place: every figure is the length of the list that it opens, for those who may see it."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from django.test import Client

from hoaban.audit import queries as audit
from hoaban.base.clock import now
from hoaban.base.errors import NotFound
from hoaban.intake import actions as intake
from hoaban.intake.rules import NO_COMMUNE
from hoaban.people.models import Person
from hoaban.steering import queries, rules
from hoaban.steering.rules import Part, RegisterLine
from hoaban.web.actor import acting_as
from tests import make
from tests.cards import world as cards
from tests.intake.forms import form, write_csv
from tests.places.world import with_villages
from tests.verification import world as checking

pytestmark = pytest.mark.usefixtures("db")

HUOI_PO = "Huoi Po"
ELSEWHERE = "03316"  # a commune of another district
CHAIR = ("chair", "11", "province")


@pytest.fixture(autouse=True)
def _forms(client: Client, tmp_path: Path) -> None:
    """Two files: one right form, a questioned and a returned one of Nam Khan, one of elsewhere, one of nowhere."""
    client.cookies["django_language"] = "en"
    folder = tmp_path / "files"
    folder.mkdir()
    with_villages(tmp_path)
    files = {
        "first": [right(1), right(2, father_name=""), right(3, dob="never", form_serial="SYN-BACK")],
        "second": [right(4, commune_code=ELSEWHERE, village="X"), right(5, commune_code="99999"), right(6)],
    }
    for name, rows in files.items():
        intake.load(path=write_csv(folder / f"{name}.csv", *rows), by=make.MAKER, at=now())


def right(number: int, **written: str) -> dict[str, str]:
    """A faultless form of somebody who lives alone, changed as said."""
    name, serial = f"LÒ PAO {'ABCDEFGH'[number]}", f"01115800010{number}"
    own = {"id12": serial, "id9": "", "full_name": name, "head_name": name, "rel_to_head": "01", "spouse_name": ""}
    return form(
        **(
            own
            | {"marital": "1", "officer": "A collector", "village": HUOI_PO, "book_no": f"11000000{number}"}
            | written
        )
    )


def by_key(lines: list[RegisterLine]) -> dict[str, RegisterLine]:
    return {one.key: one for one in lines}


def opened(client: Client, address: str) -> int:
    """How many rows the list has to which an address leads."""
    page = client.get(address).content.decode()
    return page.count('<tr><th scope="row">')


def test_the_province_is_told_by_district_a_district_by_commune_a_commune_by_village() -> None:
    whole = queries.register(make.MAKER, now())
    lines = by_key([*whole.lines, *whole.untouched])
    district = queries.register_of(make.MAKER, next(key for key in lines if lines[key].counts["returned"]), now())
    commune = queries.register_of(make.MAKER, make.NAM_KHAN, now())

    assert (whole.part, district.part, commune.part) == (Part.DISTRICT, Part.COMMUNE, Part.VILLAGE)
    assert len(whole.lines) + len(whole.untouched) == 11  # ten districts, and forms of no commune
    assert whole.whole.counts == {"counted": 4, "households": 4, "files": 2, "returned": 2, "questions": 2}
    assert lines[NO_COMMUNE].counts["returned"] == 1
    assert [one.counts for one in district.lines] == [district.whole.counts]
    assert district.whole.counts == commune.whole.counts
    assert commune.whole.counts == {"counted": 3, "households": 3, "files": 2, "returned": 1, "questions": 1}
    assert [key for key, _name in commune.above] == [district.whole.key]
    for one in (rules.PEOPLE, rules.HOUSEHOLDS, rules.QUESTIONS):
        assert sum(village.counts[one.code] for village in commune.lines) == commune.whole.counts[one.code]


def test_each_figure_opens_to_as_many_names_as_it_says(client: Client) -> None:
    client.force_login(make.officer("province_officer", "11", "province"))
    asked = 0

    for place in ("", f"/{make.NAM_KHAN}"):
        page = client.get(f"/so-dan-cu{place}").content.decode()
        for address, said in re.findall(r'<td class="num"><a href="([^"]+)" aria-label="[^"]+: (\d+)"', page):
            assert opened(client, address) == int(said), address
            asked += 1
        for address, said in re.findall(r'<b><a href="([^"]+)">(\d+)</a></b>', page):
            assert opened(client, address) == int(said), address
            asked += 1

    assert asked >= 20


def test_a_question_is_left_until_the_form_was_checked() -> None:
    questioned = queries.names(rules.QUESTIONS, queries.living(make.MAKER, make.NAM_KHAN, None, now()), "1", now())
    assert questioned.paginator.count == 1

    checking.check_all(checking.drawn(), cards.actor("checker"))

    assert queries.register_of(make.MAKER, make.NAM_KHAN, now()).whole.counts["questions"] == 0


def test_a_form_returned_twice_is_one_form_until_it_is_accepted(tmp_path: Path) -> None:
    def sent(**written: str) -> int:
        row = right(3, form_serial="SYN-BACK", **written)
        intake.load(path=write_csv(tmp_path / f"{len(written)}.csv", row), by=make.MAKER, at=now())
        return queries.register_of(make.MAKER, make.NAM_KHAN, now()).whole.counts["returned"]

    assert sent(dob="never", blood="A") == 1
    assert sent() == 0


def test_an_officer_sees_the_register_of_their_area_alone(client: Client) -> None:
    officer = make.actor("commune_officer", ELSEWHERE)

    with acting_as(officer):
        whole = queries.register(officer, now())
        with pytest.raises(NotFound):
            queries.register_of(officer, make.NAM_KHAN, now())
    client.force_login(make.officer("commune_officer", ELSEWHERE))

    assert whole.whole.counts == {"counted": 1, "households": 1, "files": 1, "returned": 0, "questions": 1}
    assert client.get(f"/so-dan-cu/{make.NAM_KHAN}").status_code == 404
    assert client.get(f"/so-dan-cu/{make.NAM_KHAN}/ho").status_code == 404
    assert client.get(f"/so-dan-cu/{make.NAM_KHAN}/ten/counted").status_code == 404
    assert client.get(f"/phieu/cho-sua?noi={make.NAM_KHAN}").status_code == 404
    assert "Villages, those with most left first" in client.get("/so-dan-cu").content.decode()  # the one commune


def test_who_may_not_read_forms_gets_their_figures_without_a_way_in(client: Client) -> None:
    client.force_login(make.officer(*CHAIR))

    page = client.get("/so-dan-cu").content.decode()

    assert "/so-dan-cu/ten/questions" in page
    assert "/phieu" not in page


def test_opening_households_is_written_down_with_those_it_showed(client: Client) -> None:
    client.force_login(make.officer(*CHAIR))

    client.get(f"/so-dan-cu/{make.NAM_KHAN}/ho")

    here = Person.objects.filter(commune_code=make.NAM_KHAN)
    assert all("list behind a figure" in [one.purpose for one in audit.who_looked(each.pk)] for each in here)


def test_the_table_is_taken_away_with_what_the_page_shows(client: Client) -> None:
    client.force_login(make.officer(*CHAIR))

    rows = list(csv.reader(io.StringIO(client.get("/so-dan-cu/so-lieu.csv").content.decode("utf-8-sig"))))
    book = client.get(f"/so-dan-cu/{make.NAM_KHAN}/so-lieu.xlsx")

    assert rows[0] == ["Code", "Name", "Persons", "Households", "Questions left", "To be mended", "Files"]
    assert rows[-1] == ["", "All together", "4", "4", "2", "2", "2"]
    assert book.content[:2] == b"PK"


def test_more_left_for_so_many_people_is_a_darker_shade() -> None:
    def shade(people: int, returned: int, questions: int = 0) -> int:
        return RegisterLine("x", "X", {"counted": people, "returned": returned, "questions": questions}).shade

    assert [shade(1000, left) for left in (0, 1, 50, 100, 200, 300)] == [0, 1, 2, 3, 4, 5]
    assert shade(1000, 20, 30) == 2
    assert shade(0, 3) == 5  # nothing but returned forms
