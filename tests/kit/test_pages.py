"""The station's pages: a whole enrolment by hand, without a line and without JavaScript."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from PIL import Image

from hoaban.base.clock import now
from hoaban.enrolment import actions as enrolment
from hoaban.enrolment import queries as enrolments
from hoaban.enrolment.rules import capture
from hoaban.kit import actions, queries, rules, settings
from hoaban.kit.middleware import OPEN_LINE, STATION
from hoaban.kit.store import Station
from hoaban.kit.urls import app_name
from tests import make, make_station
from tests.make import MAKER

pytestmark = pytest.mark.django_db
STATION_SETTINGS = {
    name: getattr(settings, name)
    for name in (
        "ROOT_URLCONF", "MIDDLEWARE", "TEMPLATES", "LOGIN_URL", "SESSION_ENGINE", "SESSION_COOKIE_NAME",
        "CSRF_COOKIE_NAME", "MESSAGE_STORAGE", "LOCALE_PATHS",
    )
}  # fmt: skip


@pytest.fixture
def operator(station: Station) -> str:
    """An officer with a PIN on the station's list, which holds two people."""
    officer = make.officer("kit_operator", name="Ly A Sua")
    kit = enrolments.kit("NK01")
    enrolment.admit_operator(kit=kit, username=officer.username, pin=make_station.PIN, by=MAKER, at=now())
    may = make.person("L\u00f2 Th\u1ecb M\u00e0y", sex="F", born="1958", number="011158001234")
    make_station.give_list(station, may.pk, make.person("Giang A Chu", sex="M", born="1990").pk)
    return f"officer:{officer.pk}"


@pytest.fixture
def browser(station: Station) -> Iterator[Client]:
    """A browser at the station, nobody signed in, no line."""
    environment: dict[str, Any] = {STATION: station, OPEN_LINE: _no_line}
    with override_settings(**STATION_SETTINGS):
        yield Client(**environment)


@pytest.fixture
def at_work(browser: Client, operator: str) -> Client:
    """The same with the operator signed in."""
    browser.post("/mo-khoa", {"operator": operator, "pin": make_station.PIN})
    return browser


def _no_line(_station: Station) -> Any:
    class Down:
        def announce(self, *_: object) -> None:
            raise rules.LineDown

    return Down()


def _jpeg() -> SimpleUploadedFile:
    written = io.BytesIO()
    Image.new("RGB", (640, 480), "grey").save(written, "JPEG")
    return SimpleUploadedFile("me.jpg", written.getvalue(), "image/jpeg")


def _begun(at_work: Client, station: Station, last4: str = "1234") -> str:
    person = queries.find(station, last4)[0].person
    at_work.post(f"/bat-dau/{person.person_id}")
    return queries.drafts(station)[-1].ulid


def _agreed(at_work: Client, ulid: str) -> Any:
    at_work.post(f"/luot/{ulid}/dung-nguoi", {"wants_card": "on", "wants_eid": "on", "phone": ""})
    at_work.post(f"/luot/{ulid}/anh", {"mock": "1"})
    for press in capture.Press:
        for _try in range(capture.TRIES):
            at_work.post(f"/luot/{ulid}/van-tay/{press}", {"press": "1"})
    return at_work.post(f"/luot/{ulid}/ky", {"consent": "thumb"}, follow=True)


def test_an_enrolment_from_the_search_to_the_slip(at_work: Client, station: Station) -> None:
    found = at_work.get("/tim", {"q": "1234 may"}).content.decode()
    assert "L\u00f2 Th\u1ecb M\u00e0y" in found
    assert "Giang A Chu" not in found

    ulid = _begun(at_work, station)
    slip = _agreed(at_work, ulid).content.decode()

    row = queries.sealed(station, ulid)
    assert row["slip_code"] in slip
    assert queries.activation_code(station, row, now()) in slip
    assert "<svg" in slip
    assert queries.drafts(station) == []


def test_the_secret_code_stands_on_the_slip_alone_and_is_forgotten(at_work: Client, station: Station) -> None:
    ulid = _begun(at_work, station)
    _agreed(at_work, ulid)
    row = queries.sealed(station, ulid)
    secret = queries.activation_code(station, row, now())
    stored = b"".join(path.read_bytes() for path in station.home.rglob("*") if path.is_file())
    tomorrow = now() + dt.timedelta(hours=rules.SLIP_HOURS + 1)

    actions.synchronise(station=station, line=_no_line(station), by=make_station.OPERATOR, at=tomorrow)

    assert len(secret.replace("-", "")) == 12
    assert secret.encode() not in stored
    assert secret not in at_work.get("/dong-bo").content.decode()
    assert queries.activation_code(station, row, tomorrow) == ""
    assert queries.sealed(station, ulid)["activation"] is None
    assert "e-ID" not in at_work.get(f"/bien-nhan/{ulid}").content.decode()


def test_each_answer_is_kept_and_one_goes_on_at_the_same_step(at_work: Client, station: Station) -> None:
    ulid = _begun(at_work, station)
    at_work.post(f"/luot/{ulid}/dung-nguoi", {"wants_card": "on", "phone": "0912 345 678", "corrections": "1957"})
    at_work.post(f"/luot/{ulid}/anh", {"picture": _jpeg(), "source": "camera"})
    at_work.post(f"/luot/{ulid}/van-tay/right-four", {"explain": "1", **{f"finger{n}": "worn" for n in range(2, 6)}})

    draft = queries.draft(Station(station.home), ulid)
    onward = at_work.get(f"/luot/{ulid}").headers["Location"]

    assert (draft.phone, draft.corrections, draft.wants_eid) == ("0912 345 678", "1957", False)
    assert draft.face_source is capture.Source.CAMERA
    assert onward == f"/luot/{ulid}/van-tay/left-four"
    assert at_work.get(f"/luot/{ulid}/anh.jpg").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("step", ["van-tay/thumbs", "ky"])
def test_no_step_can_be_left_out(at_work: Client, station: Station, step: str) -> None:
    ulid = _begun(at_work, station)

    answer = at_work.get(f"/luot/{ulid}/{step}", follow=True)

    assert answer.redirect_chain
    assert str(rules.NotYet()) in answer.content.decode()


def test_a_file_that_is_no_picture_is_told(at_work: Client, station: Station) -> None:
    ulid = _begun(at_work, station)
    at_work.post(f"/luot/{ulid}/dung-nguoi", {"wants_card": "on"})

    page = at_work.post(f"/luot/{ulid}/anh", {"picture": SimpleUploadedFile("a.jpg", b"no")}).content.decode()

    assert str(rules.NotAPicture()) in page


def test_somebody_not_on_the_list_is_written_as_on_their_papers(at_work: Client, station: Station) -> None:
    typed = {"full_name": "Sung Thi Mai", "born": "1971", "sex": "F", "commune_code": make.NAM_KHAN}

    assert at_work.post("/ngoai-danh-sach", typed | {"number": "12"}).status_code == 200
    at_work.post("/ngoai-danh-sach", typed | {"number": "011 171 000 001"})

    [draft] = queries.drafts(station)
    assert (draft.person.person_id, draft.person.number, draft.person.born) == (0, "011171000001", "1971")


def test_nobody_is_enrolled_twice_at_a_station(at_work: Client, station: Station) -> None:
    ulid = _begun(at_work, station)
    again = at_work.post(f"/bat-dau/{queries.draft(station, ulid).person.person_id}")
    assert again.headers["Location"] == f"/luot/{ulid}"
    _agreed(at_work, ulid)

    person_id = queries.sealed(station, ulid)["person_id"]
    page = at_work.post(f"/bat-dau/{person_id}", follow=True).content.decode()

    assert queries.sealed(station, ulid)["slip_code"] in page
    assert queries.drafts(station) == []


def test_who_goes_home_leaves_nothing(at_work: Client, station: Station) -> None:
    ulid = _begun(at_work, station)

    at_work.post(f"/luot/{ulid}/bo")

    assert queries.drafts(station) == queries.outbox(station) == []


def test_only_the_pin_opens_and_guessing_is_slow(browser: Client, operator: str) -> None:
    for _guess in range(rules.PIN_TRIES):
        page = browser.post("/mo-khoa", {"operator": operator, "pin": "111222"}).content.decode()
        assert str(rules.WrongPin()) in page

    page = browser.post("/mo-khoa", {"operator": operator, "pin": make_station.PIN}).content.decode()

    assert str(rules.TooManyPins(minutes=rules.PIN_REST_MINUTES)) in page


def test_a_locked_station_shows_nobody(at_work: Client) -> None:
    assert at_work.get("/").status_code == 200
    at_work.post("/khoa")

    for address in _addresses():
        answer = at_work.get(address)
        assert answer.status_code in (302, 405), address
        assert "next=" in answer.headers.get("Location", "next=")
    assert at_work.get("/dong-bo").status_code == 200


def test_a_station_without_a_list_says_where_it_comes_from(browser: Client) -> None:
    page = browser.get("/", follow=True)

    assert page.redirect_chain[-1][0] == "/dong-bo"
    assert str(rules.NoList()) in page.content.decode()


def test_sending_without_a_line_says_that_nothing_is_lost(at_work: Client, station: Station) -> None:
    _agreed(at_work, _begun(at_work, station))

    page = at_work.post("/dong-bo/gui", follow=True).content.decode()

    assert str(rules.LineDown()) in page
    assert queries.condition(station).waiting == 1


def test_every_page_names_its_permission() -> None:
    from hoaban.kit.urls import urlpatterns

    for one in urlpatterns[0].url_patterns:
        assert getattr(one.callback, "permission", None) in ("kit.enrol", "anyone"), one.pattern
    assert app_name == "kit"


def _addresses() -> list[str]:
    from hoaban.kit.urls import urlpatterns

    open_to_all = {"mo-khoa", "khoa", "dong-bo", "dong-bo/gui"}
    patterns = [str(one.pattern) for one in urlpatterns[0].url_patterns]
    return [
        "/" + re.sub(r"<int:\w+>", "1", re.sub(r"<str:\w+>", "X", one)) for one in patterns if one not in open_to_all
    ]
