"""Officers sign in with a password and a code; without the second step nothing opens."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client
from django.utils.translation import gettext
from pytest_django import Settings

from hoaban.base.clock import now
from hoaban.officers import actions
from hoaban.rehearsal import queries as rehearsal
from hoaban.rehearsal.models import Played
from tests import make

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
pytestmark = pytest.mark.django_db


def _code() -> str:
    return str(format_hotp_value(hotp_value(SECRET, next(iter(yield_hotp_counters_from_time())))))


def test_an_officer_signs_in_with_password_and_code(client: Client, settings: Settings) -> None:
    settings.HOABAN_SECOND_FACTOR = True
    officer = make.officer("auditor")
    actions.give_totp(officer=officer, secret=SECRET, by=make.MAKER, at=now())

    assert client.get("/dong-chi/login/").status_code == 200
    step = client.post("/dong-chi/login/", {"login": officer.username, "password": "a-long-password"})
    assert step.headers["Location"] == "/dong-chi/2fa/authenticate/"
    wrong = client.post("/dong-chi/2fa/authenticate/", {"code": "000000"})
    assert wrong.status_code == 200
    assert gettext("Nobody may ask you for your password or for these digits.") in wrong.content.decode()
    done = client.post("/dong-chi/2fa/authenticate/", {"code": _code()})

    assert done.status_code == 302
    assert client.session["_auth_user_id"] == str(officer.pk)


def test_without_a_second_factor_nothing_opens(client: Client, settings: Settings) -> None:
    settings.HOABAN_SECOND_FACTOR = True
    client.force_login(make.officer("auditor"))

    assert client.get("/").headers["Location"] == "/dong-chi/2fa/totp/activate/"


OWN_PAGES = (
    "2fa/", "2fa/totp/activate/", "2fa/totp/deactivate/", "2fa/recovery-codes/generate/",
    "2fa/webauthn/", "2fa/webauthn/add/", "2fa/reauthenticate/", "reauthenticate/", "password/change/", "inactive/",
    "thiet-bi/",
)  # fmt: skip


@pytest.mark.parametrize("own", OWN_PAGES)
def test_the_pages_of_an_officers_account_speak_vietnamese(client: Client, own: str) -> None:
    officer = make.officer("auditor")
    if own != "2fa/totp/activate/":
        actions.give_totp(officer=officer, secret=SECRET, by=make.MAKER, at=now())
    client.post("/dong-chi/login/", {"login": officer.username, "password": "a-long-password"})
    client.post("/dong-chi/2fa/authenticate/", {"code": _code()})

    page = client.get(f"/dong-chi/{own}", follow=True)

    assert page.status_code == 200
    words = re.sub(r"<(script|style)\b.*?</\1>|<[^>]+>", " ", page.content.decode(), flags=re.DOTALL)
    assert not re.findall(r"\b(?:the|your|you|of|is|are|password|code|key|options?)\b", words), words


def test_nothing_is_reset_by_mail(client: Client) -> None:
    assert "/password/reset/" not in client.get("/dong-chi/login/").content.decode()
    assert client.get("/dong-chi/password/reset/").status_code == 404


def test_nobody_signs_up(client: Client) -> None:
    answer = client.post("/dong-chi/signup/", {"username": "stranger", "password1": "a-long-password"})

    assert not client.session.get("_auth_user_id")
    assert answer.status_code == 404


def test_an_officer_sees_where_they_are_signed_in_and_ends_the_others() -> None:
    officer = make.officer("auditor")
    here, elsewhere = Client(headers={"user-agent": "Here 1.0"}), Client(headers={"user-agent": "Elsewhere 2.0"})
    for browser in (here, elsewhere):
        browser.post("/dong-chi/login/", {"login": officer.username, "password": "a-long-password"})

    page = here.get("/dong-chi/thiet-bi/").content.decode()
    ended = here.post("/dong-chi/thiet-bi/")

    assert "Here 1.0" in page
    assert "Elsewhere 2.0" in page
    assert ended.status_code == 302
    assert here.get("/dong-chi/thiet-bi/").status_code == 200
    assert elsewhere.get("/dong-chi/thiet-bi/").status_code == 302


def test_one_officer_sees_no_other_ones_browsers(client: Client) -> None:
    Client(headers={"user-agent": "Theirs"}).force_login(make.officer("auditor"))
    client.force_login(make.officer("auditor"))

    assert "Theirs" not in client.get("/dong-chi/thiet-bi/").content.decode()


def test_demo_accounts_are_shown_where_something_was_played_and_nowhere_else(
    client: Client, settings: Settings
) -> None:
    username = rehearsal.cast()[0].username
    assert username not in client.get("/dong-chi/login/").content.decode()

    Played.objects.create(step="forms", begun_at=now(), done_at=now(), seconds=1, megabytes=1, figures={})
    assert username in client.get("/dong-chi/login/").content.decode()

    settings.HOABAN_SYNTHETIC = False
    assert username not in client.get("/dong-chi/login/").content.decode()


def test_a_demo_account_signs_in_with_the_code_that_is_shown(client: Client, settings: Settings) -> None:
    settings.HOABAN_SECOND_FACTOR = True
    Played.objects.create(step="forms", begun_at=now(), done_at=now(), seconds=1, megabytes=1, figures={})
    username = rehearsal.cast()[0].username
    officer = actions.enlist(username=username, full_name="A", password="a-long-password", by=make.MAKER, at=now())
    actions.assign(officer=officer, role="auditor", unit_code="11", unit_level="province", by=make.MAKER, at=now())
    actions.give_totp(officer=officer, secret=rehearsal.totp_secret(username), by=make.MAKER, at=now())
    client.post("/dong-chi/login/", {"login": username, "password": "a-long-password"})

    page = client.get("/dong-chi/2fa/authenticate/").content.decode()
    code = re.search(rf"{re.escape(username)}</th><td>(\d{{6}})<", page)
    assert code
    done = client.post("/dong-chi/2fa/authenticate/", {"code": code[1]})

    assert done.headers["Location"] == "/viec"
