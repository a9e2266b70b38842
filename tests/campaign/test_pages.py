"""What officers see of the campaign, and what is written down of it."""

from __future__ import annotations

import json
from pathlib import Path

import pypdf
import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from typer.testing import CliRunner

from hoaban.audit import queries as audit
from hoaban.base.clock import now
from hoaban.campaign import actions, commands, queries
from hoaban.campaign.models import Plan, Shift, Stop
from hoaban.campaign.rules import PlanState, Segment
from hoaban.visits import queries as visits
from tests import browser, make
from tests.campaign import world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english(client: Client) -> None:
    client.cookies["django_language"] = "en"


def text_of(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined,no-any-return]


def address(plan: Plan, more: str = "") -> str:
    return f"/chien-dich/ke-hoach/{plan.pk}{more}"


def sheet_of(plan: Plan) -> tuple[Shift, str]:
    shift = Shift.objects.filter(plan=plan, stops__isnull=False).order_by("day", "team__code")[0]
    return shift, address(plan, f"/{shift.team.code}/{shift.day.isoformat()}")


def test_each_figure_of_the_board_opens_to_its_names(client: Client, tmp_path: Path) -> None:
    world.populated(tmp_path)
    client.force_login(make.officer("commune_officer"))
    assert f'href="/chien-dich/con-lai/{make.NAM_KHAN}/hoc-sinh"' in text_of(client.get("/chien-dich"))

    page = text_of(client.get(f"/chien-dich/con-lai/{make.NAM_KHAN}/hoc-sinh"))

    assert "20 people" in page
    pupils = list(queries.without_card(make.NAM_KHAN, Segment.PUPIL))
    assert page.count("Lo Thi") == len(pupils) == 20
    [look] = audit.who_looked(pupils[0].pk)
    assert (look.purpose, len(look.person_ids)) == ("campaign", 20)


def test_the_board_asks_the_database_little(
    client: Client, tmp_path: Path, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    world.planned(tmp_path)
    client.force_login(make.officer("commune_officer"))

    with django_assert_max_num_queries(16):
        client.get("/chien-dich")


def test_a_plan_asks_as_much_however_many_villages_there_are(
    client: Client, tmp_path: Path, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    plan = world.planned(tmp_path)
    client.force_login(make.officer("commune_officer"))

    with django_assert_max_num_queries(22):
        client.get(address(plan))


def test_names_of_another_commune_are_not_there(client: Client, tmp_path: Path) -> None:
    plan = world.planned(tmp_path)
    client.force_login(make.officer("commune_officer", make.NAM_TIN))

    for asked in (f"/chien-dich/con-lai/{make.NAM_KHAN}", address(plan), sheet_of(plan)[1]):
        assert client.get(asked).status_code == 404
    assert client.get(f"/chien-dich/con-lai/{make.NAM_TIN}/nobody").status_code == 404


def test_a_week_is_planned_fixed_and_taken_back_by_hand(client: Client, tmp_path: Path) -> None:
    world.populated(tmp_path)
    client.force_login(make.officer("province_officer"))
    asked = {
        "communes": [make.NAM_KHAN], "base": make.NAM_KHAN, "teams": "2",
        "first_day": world.next_monday().strftime("%d/%m/%Y"),
    }  # fmt: skip
    assert f'value="{make.NAM_KHAN}"' in text_of(client.get("/chien-dich/ke-hoach"))

    page = text_of(client.post("/chien-dich/ke-hoach", asked, follow=True))
    plan = Plan.objects.get()
    assert "nothing is wrong" in page
    page = text_of(client.post(address(plan, "/chot"), follow=True))

    assert "92 people were promised a day." in page
    assert visits.counts(str(plan), now().date()).open == 92
    assert "Write this in" in text_of(client.post(address(plan, "/thu-hoi"), {"why": ""}))
    page = text_of(client.post(address(plan, "/thu-hoi"), {"why": "landslip"}, follow=True))
    assert "The plan is withdrawn." in page
    assert Plan.objects.get().state == PlanState.WITHDRAWN
    page = text_of(client.post(address(plan, "/chot"), follow=True))
    assert "can&#x27;t be taken from there" in page


def test_a_form_that_asks_the_impossible_says_what_to_do(client: Client, tmp_path: Path) -> None:
    world.populated(tmp_path)
    client.force_login(make.officer("province_officer"))

    page = text_of(
        client.post(
            "/chien-dich/ke-hoach",
            {"communes": [make.NAM_KHAN], "base": make.NAM_KHAN, "teams": "1", "first_day": "01/01/2020"},
        )
    )

    assert "People must hear of it before" in page


def test_a_plan_that_does_not_hold_says_why_and_cannot_be_fixed(client: Client, tmp_path: Path) -> None:
    plan = world.planned(tmp_path)
    stop = Stop.objects.filter(shift__plan=plan)[0]
    Stop.objects.filter(pk=stop.pk).update(people=1000)
    client.force_login(make.officer("province_officer"))

    page = text_of(client.get(address(plan)))

    assert "longer than 10 hours" in page
    assert "Fix and promise" not in page
    assert "can&#x27;t be promised" in text_of(client.post(address(plan, "/chot"), follow=True))


def test_a_commune_officer_reads_plans_and_fixes_none(client: Client, tmp_path: Path) -> None:
    plan = world.planned(tmp_path)
    client.force_login(make.officer("commune_officer"))

    assert "Fix and promise" not in text_of(client.get(address(plan)))
    assert client.post(address(plan, "/chot")).status_code == 403
    assert queries.plan(plan.pk).state == PlanState.DRAFT


def test_the_day_sheet_names_whom_the_team_meets_and_the_look_is_written_down(client: Client, tmp_path: Path) -> None:
    plan = world.fixed(tmp_path)
    shift, asked = sheet_of(plan)
    client.force_login(make.officer("kit_operator"))

    page = text_of(client.get(asked))

    due = list(visits.due(shift.team.code, shift.day))
    assert page.count("Lo Thi") == len(due) == sum(stop.people for stop in shift.stops.all())
    assert audit.who_looked(due[0].person_id)[0].purpose == "campaign"
    assert client.get(address(plan, f"/{shift.team.code}/tomorrow")).status_code == 404
    assert client.get(address(plan, f"/nobody/{shift.day.isoformat()}")).status_code == 404


def test_an_empty_province_says_so(client: Client) -> None:
    client.force_login(make.officer("province_officer"))

    assert "Nobody is left here" in text_of(client.get("/chien-dich"))
    assert "Nobody is left here" in text_of(client.get("/chien-dich/ke-hoach"))
    assert "Nobody is left here" in text_of(client.get(f"/chien-dich/con-lai/{make.NAM_KHAN}"))


def test_the_command_plans_and_promises(tmp_path: Path) -> None:
    world.populated(tmp_path)
    asked = ["plan", make.NAM_KHAN, "--teams", "2", "--from", world.next_monday().isoformat(), "--json"]

    said = json.loads(CliRunner().invoke(commands.app, asked).stdout)
    fixed = json.loads(CliRunner().invoke(commands.app, [*asked, "--fix"]).stdout)
    left = json.loads(CliRunner().invoke(commands.app, ["left", "--json"]).stdout)

    assert (said["state"], said["sound"], said["people_planned"]) == ("draft", True, 92)
    assert (fixed["plan"], fixed["state"]) == (said["plan"], "fixed")
    assert left[make.NAM_KHAN]["pupil"] == 20
    wrong = CliRunner().invoke(commands.app, ["plan", make.NAM_KHAN, "--from", "soon"])
    assert isinstance(wrong.exception, commands.NotADay)


@pytest.mark.browser
def test_pages_of_the_campaign_hinder_nobody_and_fit_every_screen(client: Client, tmp_path: Path) -> None:
    plan = world.fixed(tmp_path / "world")
    world.settle(f"{make.NAM_KHAN}01", 40, 41, 42)
    draft = actions.plan_week(
        commune_codes=[make.NAM_KHAN],
        team_codes=[team.code for team in actions.make_teams(
            commune_code=make.NAM_TIN, count=1, by=make.MAKER, at=now())],
        first_day=plan.first_day, by=make.MAKER, at=now(),
    )  # fmt: skip
    client.force_login(make.officer("province_officer"))
    pages = {
        "campaign-board": "/chien-dich",
        "campaign-left": f"/chien-dich/con-lai/{make.NAM_KHAN}/tai-nha",
        "campaign-new": "/chien-dich/ke-hoach",
        "campaign-plan": address(plan),
        "campaign-draft": address(draft),
        "campaign-withdraw": address(plan, "/thu-hoi"),
        "campaign-sheet": sheet_of(plan)[1],
    }

    assert browser.look_over(client, pages, tmp_path / "site") == []


@pytest.mark.browser
def test_the_day_sheet_prints_on_a4(client: Client, tmp_path: Path) -> None:
    plan = world.fixed(tmp_path / "world")
    client.force_login(make.officer("kit_operator"))
    site = tmp_path / "site"
    site.mkdir()
    (site / "sheet.html").write_bytes(client.get(sheet_of(plan)[1]).content)

    with browser.served(site) as origin, browser.chromium() as chromium:
        page = chromium.new_page()
        page.goto(f"{origin}/sheet.html")
        page.pdf(path=str(tmp_path / "sheet.pdf"), prefer_css_page_size=True)

    box = pypdf.PdfReader(tmp_path / "sheet.pdf").pages[0].mediabox
    assert (round(float(box.width)), round(float(box.height))) == (595, 842)
