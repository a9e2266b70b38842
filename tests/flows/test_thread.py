"""Lò Thị Mai, sixty, of Nậm Khăn: counted on paper, found to be Mai and not Mái, met in her village, enrolled
where there is no network, given a card and an electronic identity, and served without leaving home.

One citizen, ten steps, in a real browser against real processes: the server with its worker, a station, and
a line between them that is cut once. `benchmarks/thread.py` holds the promise of how long it takes.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from hoaban.base import clock
from hoaban.base.partial_date import PartialDate
from hoaban.enrolment import queries as enrolments
from hoaban.intake import queries as intake
from hoaban.kit import queries as kit_queries
from hoaban.kit.store import Station
from hoaban.people import queries as people
from hoaban.people.models import Person
from hoaban.synth import queries as synth
from hoaban.verification import rules as checks
from hoaban.visits import queries as visits
from hoaban.web.actor import acting_as
from tests import make, make_station
from tests.flows.stage import PASSWORD, Stage, go, looks_right, press, set_up, station_run, until, until_true
from tests.running import SlowLine

MAI, MAI_AS_TYPED, NAM = "Lò Thị Mai", "Lò Thị Mái", "Lò Văn Nam"
PROVINCE, COMMUNE, HERS, HIS = "11", "03174", "03174", "03156"
PEOPLE, SEED = 600, 6
CHECKED = 4  # forms of the round, hers among them


@pytest.fixture
def stage(transactional_db: None, worker_id: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """A house of its own with an empty register."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright keeps an event loop in this thread
    with set_up(tmp_path / "home", f"test_hoaban_{worker_id}") as made:
        yield made


@pytest.mark.flow
@pytest.mark.browser
def test_mai_is_counted_once_enrolled_once_and_served_at_home(stage: Stage) -> None:
    forms = _she_is_counted_on_paper(stage)
    _the_forms_enter_the_register(stage, forms)
    _her_name_is_put_right(stage)
    team = _she_is_promised_a_day(stage)
    code, secret = _she_is_enrolled_without_a_network(stage, team)
    _she_is_one_person_for_certain(stage)
    _her_card_is_made_and_handed_over(stage, code)
    hers = _she_activates_her_account(stage, secret)
    _her_nephew_may_stay(stage, hers)
    _the_province_sees_where_it_stands(stage)


def _she_is_counted_on_paper(stage: Stage) -> Path:
    """1. Forms of two communes with their truth, hers drawn as it was filled in."""
    folder = stage.home / "forms"
    order = ["--people", str(PEOPLE), "--seed", str(SEED), "--communes", f"{HERS},{HIS}", "--images", "12"]
    written = json.loads(stage.hoaban("synth", "write", folder, *order, "--on", str(clock.today()), "--json"))
    assert written["people"] == PEOPLE
    assert synth.image(folder, synth.story(folder)["heroine"][1])
    stage.hoaban("places", "villages", folder / "places" / "villages.csv")
    stage.hoaban("intake", "images", folder / "images")
    return folder


def _the_forms_enter_the_register(stage: Stage, forms: Path) -> None:
    """2. An officer sends the files; a job reads them; she is found, though under a wrong name."""
    officer = stage.officer_who_signs_in("province_officer", PROVINCE, "province")
    for file in synth.form_files(forms):
        officer.goto("/phieu/gui")
        officer.set_input_files("[name=file]", file)
        press(officer, re.compile(r"/phieu/\d+"))
        until(officer, lambda: officer.locator("main .tag.doing, main .msg").count() == 0)
        looks_right(officer)
    _open_record(officer, MAI_AS_TYPED)
    looks_right(officer)
    officer.goto(f"/dan-cu?text={MAI}")
    assert officer.get_by_role("link", name=MAI, exact=True).count() == 0


def _open_record(page: Page, name: str) -> None:
    """Found by name, after the officer has said why; the reason is asked once."""
    page.goto(f"/dan-cu?text={name}")
    if "/ly-do" in page.url:
        looks_right(page)
        page.locator("main [type=radio]").first.check()
        press(page)
    looks_right(page)
    page.get_by_role("link", name=name, exact=True).first.click()
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()


def _her_name_is_put_right(stage: Stage) -> None:
    """3. A round is drawn; her form is compared with its paper by keyboard; a second officer corrects the register."""
    first, second = (stage.officer("commune_officer", HERS) for _ in range(2))
    serial = synth.story(stage.home / "forms")["heroine"][1]
    first.goto("/kiem-tra/rut-mau")
    first.locator("[name=level]").select_option("1")
    first.locator("[name=plan]").select_option("size")
    first.locator("details:has([name=n]) summary").click()
    first.locator("[name=n]").fill(str(CHECKED))
    first.locator("[name=more]").fill("0")
    first.locator("[name=seed]").fill(str(_seed_that_draws(stage, serial)))
    looks_right(first)
    press(first, re.compile(r"/kiem-tra/dot/\d+"))
    looks_right(first)
    go(first, first.locator("main a[href*='/kiem-tra/lo/']").first)
    press(first, "**/to-khai/*")
    for _form in range(CHECKED):
        if first.get_by_role("heading", level=1).inner_text().find(serial) >= 0:
            looks_right(first)
            first.locator("[name=mark_full_name]").focus()
            first.keyboard.press("3")
            first.keyboard.insert_text(MAI)
        with first.expect_navigation(wait_until="commit"):  # the next form is written into the page
            first.keyboard.press("Enter")
    looks_right(first)
    go(first, first.locator("main form[action$='/gui'] button"))
    second.goto("/kiem-tra/cho-duyet")
    looks_right(second)
    press(second)
    first.reload()
    go(first, first.locator("main form[action$='/ket-luan'] button").first)  # the gate of the lot
    expect(first.locator("main")).to_contain_text("%")
    looks_right(first)
    assert _person(stage, "heroine").full_name == MAI


def _seed_that_draws(stage: Stage, serial: str) -> int:
    """A seed under which her form is among those drawn."""
    with acting_as(make.MAKER):
        serials = [one.serial for one in intake.papers_in([HERS])]

    def rank(seed: int) -> int:
        of_lot = checks.lot_seed(seed, HERS, "")
        order = sorted(serials, key=lambda one: hashlib.sha256(f"{of_lot}:{one}".encode()).digest())
        return order.index(serial)

    return next(seed for seed in range(10_000) if rank(seed) < CHECKED)


def _she_is_promised_a_day(stage: Stage) -> str:
    """4. A week of two teams is planned, replayed and promised; the team that comes to her."""
    planner = stage.officer("province_officer", PROVINCE, "province")
    planner.goto("/chien-dich")
    looks_right(planner)
    planner.goto("/chien-dich/ke-hoach")
    planner.locator(f"[name=communes][value='{HERS}']").check()
    planner.locator("[name=base]").select_option(HERS)
    press(planner, re.compile(r"/ke-hoach/\d+"))
    looks_right(planner)
    go(planner, planner.locator("main form[action$='/chot'] button"))
    with acting_as(make.MAKER):
        appointment = visits.coming_to(_person(stage, "heroine").pk)
    assert appointment is not None
    sheet = planner.locator(f"main a[href*='{appointment.team_code}/{appointment.day:%Y-%m-%d}']").first
    go(planner, sheet)
    expect(planner.locator("main")).to_contain_text(MAI)
    looks_right(planner)
    return appointment.team_code


def _she_is_enrolled_without_a_network(stage: Stage, team: str) -> tuple[str, str]:
    """5. A station with her on its list enrols her; the line home is cut once; she comes once. Her slip's two codes."""
    home = stage.home / "station"
    with acting_as(make.MAKER):
        operator = make.officer("kit_operator", HERS, name="Cà Văn Dũng")
    stage.hoaban("enrolment", "make-keys")
    stage.hoaban("kit", "init", "NK01", "--home", home)
    stage.hoaban("enrolment", "register-kit", "NK01", "--home", home, "--team", team)
    stage.hoaban("kit", "join", home / "kit.json", "--home", home)
    stage.hoaban("enrolment", "operator", "NK01", operator.username, "--pin", make_station.PIN)
    line = SlowLine(stage.port)
    line.start()
    with station_run(stage, home, line) as address:
        stage.hoaban("kit", "sync", "--home", home)
        screen = stage.screen("operator", address, width=360)
        code, secret = _wizard(screen, _person(stage, "heroine"))
        screen.goto("/dong-bo")
        screen.evaluate("document.querySelector('main form').submit()")
        line.wait_until_carried(6_000)
        line.cut()
        screen.locator("main .msg.warning").first.wait_for()
        [row] = kit_queries.outbox(Station(home))
        assert (row["state"], row["slip_code"]) == ("waiting", code)
        screen.locator("main .primary").click()
        screen.locator("main .tag.done").wait_for()
        looks_right(screen)
    line.close()
    return code, secret


def _wizard(screen: Page, person: Person) -> tuple[str, str]:
    """From the PIN to the slip; the code on it that follows the card, and the secret one."""
    screen.goto("/")
    screen.get_by_label("Cà Văn Dũng").check()
    screen.locator("[name=pin]").fill(make_station.PIN)
    press(screen, "/")
    screen.goto(f"/tim?q={person.number[-4:]} mai")
    screen.get_by_role("button", name=person.full_name).click()
    screen.wait_for_url("**/dung-nguoi")
    press(screen, "**/anh")
    screen.wait_for_function("document.getElementById('view').videoWidth > 0")
    screen.locator("#shoot").click()
    for fingers in ("right-four", "left-four", "thumbs"):
        screen.wait_for_url(f"**/van-tay/{fingers}")
        while fingers in screen.url:
            press(screen)
    screen.wait_for_url("**/ky")
    screen.locator("[value=thumb]").check()
    press(screen, "**/bien-nhan/*")
    looks_right(screen)
    public, secret = screen.locator(".code").all_inner_texts()
    return public, secret


def _she_is_one_person_for_certain(stage: Stage) -> None:
    """6. Nobody in the register is like her, or two officers find that those who are aren't she."""
    reviewers = [stage.officer("adjudicator", PROVINCE, "province") for _ in range(2)]
    until_true(lambda: _standing(stage) != "received" or _cases(reviewers[0]) > 0)
    for reviewer in reviewers:
        for _case in range(_cases(reviewer)):
            reviewer.goto("/mot-hay-hai")
            go(reviewer, reviewer.locator("main tbody a").first)
            looks_right(reviewer)
            reviewer.locator("[name=verdict][value=different]").check()
            reviewer.locator("[name=reason]").fill("khác ngày sinh và cha mẹ")
            press(reviewer)
    until_true(lambda: _standing(stage) == "cleared")


def _cases(reviewer: Page) -> int:
    reviewer.goto("/mot-hay-hai")
    return reviewer.locator("main tbody tr").count()


def _standing(stage: Stage) -> str:
    with acting_as(make.MAKER):
        found = enrolments.of_person(_person(stage, "heroine").pk).first()
    return found.state if found else "received"


def _her_card_is_made_and_handed_over(stage: Stage, code: str) -> None:
    """7. Two officers release it, it's made and checked, sent, taken in and handed over by scanning."""
    first = stage.officer("card_officer", PROVINCE, "province")
    second = stage.officer("card_officer", PROVINCE, "province")
    hers = stage.officer("commune_officer", HERS)
    first.goto("/the/ban/de-nghi")
    until(first, lambda: first.get_by_text(MAI).count() > 0)
    looks_right(first)
    press(first, "**/de-nghi")
    second.goto("/the/ban/duyet")
    expect(second.get_by_text(MAI)).to_be_visible()
    press(second, "**/duyet")
    first.goto("/the/ban/kiem")
    until(first, lambda: first.get_by_text(MAI).count() > 0)
    press(first, "**/kiem")
    first.goto("/the/ban/lo")
    go(first, first.locator("main form button").first, re.compile("/lo/."))
    go(first, first.locator("main form button").first)
    batch = first.url
    hers.goto(batch)
    looks_right(hers)
    press(hers)
    serial = hers.locator("main tbody th a").first.inner_text()
    hers.goto(f"/the/ban/phat?scan={serial}")
    looks_right(hers)
    hers.locator("[name=shown]").fill(_person(stage, "heroine").number[-4:])
    press(hers, "**/phat")
    anybody = stage.screen("anybody", width=360)
    anybody.goto(f"/the/{code}")
    looks_right(anybody)
    expect(anybody.locator("main")).not_to_contain_text(MAI)
    assert anybody.locator("main .done").count() >= 5


def _she_activates_her_account(stage: Stage, secret: str) -> Page:
    """8. With her number and the slip's secret code she takes her electronic identity into use, and signs in again."""
    screen = stage.screen("mai", width=360)
    number = _person(stage, "heroine").number
    screen.goto("/dinh-danh/kich-hoat")
    looks_right(screen)
    screen.locator("[name=number]").fill(number)
    screen.locator("[name=slip_code]").fill(secret)
    screen.locator("[name=password]").fill(PASSWORD)
    screen.locator("[name=again]").fill(PASSWORD)
    press(screen, "**/toi")
    looks_right(screen)
    go(screen, screen.locator("form[action='/dinh-danh/dang-xuat'] button"))
    screen.goto("/toi")
    screen.locator("[name=number]").fill(number)
    screen.locator("[name=password]").fill(PASSWORD)
    press(screen, "**/toi")
    return screen


def _her_nephew_may_stay(stage: Stage, hers: Page) -> None:
    """9. Three questions, papers to bring: 0; the desk approves; the register says so; she sees who looked."""
    nephew = _person(stage, "nephew")
    first_day = clock.today()
    last_day = first_day + dt.timedelta(days=200)
    hers.goto("/dich-vu-cong/tam-tru/cau/1")
    looks_right(hers)
    if hers.locator("[value=other]").count():
        hers.locator("[value=other]").check()
    hers.locator("[name=number]").fill(nephew.number)
    hers.locator("[name=full_name]").fill(NAM)
    hers.locator("[name=born]").fill(PartialDate.parse(nephew.born).vietnamese())
    press(hers, "**/cau/2")
    hers.locator("[name=first_day]").fill(f"{first_day:%d/%m/%Y}")
    hers.locator("[name=last_day]").fill(f"{last_day:%d/%m/%Y}")
    press(hers, "**/cau/3")
    looks_right(hers)
    press(hers, "**/xem-lai")
    looks_right(hers)
    expect(hers.locator("main")).to_contain_text("Giấy tờ phải mang")
    hers.locator("[name=agreed]").check()
    press(hers, "**/ho-so/*")
    result = hers.url
    clerk = stage.officer("clerk", HERS)
    clerk.goto("/dich-vu-cong/quay")
    looks_right(clerk)
    go(clerk, clerk.locator("main tbody a").first)
    looks_right(clerk)
    press(clerk)
    hers.goto(result)
    looks_right(hers)
    with acting_as(make.MAKER):
        [stay] = people.residences_of(nephew.pk).filter(kind="temporary")
    assert (stay.valid_from, stay.valid_to, stay.commune_code) == (first_day, last_day, HERS)
    hers.goto("/toi/ai-da-xem")
    looks_right(hers)
    assert hers.locator("main tbody tr, main li").count() > 3
    auditor = stage.officer("auditor", PROVINCE, "province")
    auditor.goto("/giam-sat")
    looks_right(auditor)


def _the_province_sees_where_it_stands(stage: Stage) -> None:
    """10. The chair opens the board, the names behind a figure, and the week's report on paper."""
    chair = stage.officer("chair", PROVINCE, "province")
    planner = stage.officer("province_officer", PROVINCE, "province")
    chair.goto("/tinh")
    looks_right(chair)
    for indicator in ("counted", "checked", "enrolled", "carded", "accounts", "served"):
        chair.goto(f"/xa/{HERS}/ten/{indicator}")
        assert chair.get_by_text(re.compile(r"\d")).count(), indicator
    expect(chair.locator("main tbody")).to_contain_text(MAI)
    planner.goto("/bao-cao/tuan")
    go(planner, planner.locator("form[action$='/chot'] button"))
    looks_right(planner)
    for kind in ("docx", "pdf"):
        with planner.expect_download() as given:
            planner.locator(f"main a[href*='tuan.{kind}']").click()
        assert given.value.path().stat().st_size > 5_000


def _person(stage: Stage, story: str) -> Person:
    """One of the story in the register, as it is now."""
    serial = synth.story(stage.home / "forms")[story][1]
    with acting_as(make.MAKER):
        return people.person(intake.entered_from(serial))
