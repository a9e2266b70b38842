"""An officer adds a passkey and signs in with it, in Chromium with a made-up authenticator beside it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from hoaban.base.clock import now
from hoaban.officers import actions
from hoaban.rehearsal.queries import totp_code, totp_secret
from tests import make
from tests.browser import axe, chromium, overflow
from tests.running import serving, until_it_answers

pytestmark = pytest.mark.browser
PASSWORD = "a-long-password"


@pytest.fixture
def site(transactional_db: None, worker_id: str) -> Iterator[str]:
    """The site as a process of its own, under a name: passkeys belong to one."""
    with serving(f"test_hoaban_{worker_id}") as (_process, port):
        until_it_answers(f"http://localhost:{port}/suc-khoe")
        yield f"http://localhost:{port}"


def test_an_officer_adds_a_passkey_and_signs_in_with_it(site: str) -> None:
    officer = make.officer("auditor", level="province", unit="11", name="Lo Van Khoa")
    actions.give_totp(officer=officer, secret=totp_secret(officer.username), by=make.MAKER, at=now())

    with chromium() as browser:
        page = browser.new_page(base_url=site, viewport={"width": 1366, "height": 720})
        with_authenticator(page)
        sign_in_with_code(page, officer.username)
        add_passkey(page, officer.full_name)
        page.context.clear_cookies()

        page.goto("/dong-chi/login/")
        page.locator("#passkey_login").click()

        page.wait_for_url(f"{site}/viec")
        assert officer.full_name in page.locator("header").inner_text()


def with_authenticator(page: Page) -> None:
    """As if a phone lay beside the screen, and its owner always put a finger on it."""
    line = page.context.new_cdp_session(page)
    line.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    line.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def sign_in_with_code(page: Page, username: str) -> None:
    """Password, then the six digits."""
    page.goto("/dong-chi/login/")
    page.locator("[name=login]").fill(username)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main .primary").click()
    page.locator("[name=code]").fill(totp_code(username))
    page.locator("main .primary").click()
    page.wait_for_url("**/viec")


def add_passkey(page: Page, name: str) -> None:
    """From one's own name in the head of the page to a key that needs no password."""
    page.get_by_role("link", name=name).click()
    page.locator("main a[href$='/webauthn/add/']").click()
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main .primary").click()
    page.locator("[name=passwordless]").check()
    assert (axe(page), overflow(page)) == ([], 0)
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url("**/recovery-codes/")
    assert (axe(page), overflow(page)) == ([], 0)
