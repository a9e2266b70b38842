"""An OpenID client that isn't ours signs a citizen in: npm's openid-client, a real server, a real browser.

`make setup` installs it from `openid/package.json` beside the environment. Where it's missing the test
fails, or is skipped by HOABAN_NO_NODE=1.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page
from pytest_django import Settings

from hoaban.base.postgres import state_folder
from hoaban.eid import queries
from hoaban.people import queries as people
from tests import browser
from tests.cards import world as cards
from tests.eid import world
from tests.running import serving, until_it_answers

HERE = Path(__file__).parent / "openid"
INSTALLED = Path(sys.prefix) / "openid"
BACK = "http://localhost:7411/back"
NAME = "L\u00f2 Th\u1ecb \u01af\u1edbc"


def node() -> str:
    """Where node is, with openid-client beside the environment."""
    found = shutil.which("node")
    if found and (INSTALLED / "node_modules" / "openid-client").exists():
        return found
    if os.environ.get("HOABAN_NO_NODE") == "1":
        pytest.skip("HOABAN_NO_NODE=1: no OpenID client but our own tests was tried")
    pytest.fail("node or openid-client is missing: run scripts/setup.sh .venv, or set HOABAN_NO_NODE=1")


@pytest.fixture
def issuer(transactional_db: None, worker_id: str, settings: Settings) -> Iterator[str]:
    """The server's address; its database and keys stand in the folder that the process knows."""
    own, settings.HOABAN_HOME = settings.HOABAN_HOME, state_folder()
    settings.HOABAN_KEYS = state_folder() / "keys"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]  # the server's own
    with serving(f"test_hoaban_{worker_id}") as (_process, port):
        until_it_answers(f"http://localhost:{port}/suc-khoe")
        settings.HOABAN_HOME = own
        yield f"http://localhost:{port}"


@contextmanager
def relying_party(**knows: str) -> Iterator[subprocess.Popen[str]]:
    """The client as a process that knows these things; killed at the end."""
    run = subprocess.Popen(
        [node(), "--input-type=module", "--eval", (HERE / "party.mjs").read_text(), json.dumps(knows)],
        cwd=INSTALLED, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        yield run
    finally:
        run.kill()
        run.communicate()


def heard(run: subprocess.Popen[str]) -> dict[str, Any]:
    """The next that it says; its error where it ended instead."""
    assert run.stdout is not None
    assert run.stderr is not None
    line = run.stdout.readline()
    assert line, run.stderr.read()
    said: dict[str, Any] = json.loads(line)
    return said


def signs_in_and_agrees(page: Page, address: str, number: str) -> str:
    """From the relying party's link to the address to which the citizen comes back."""
    came_back: list[str] = []

    def answer(route: Any) -> None:
        came_back.append(route.request.url)
        route.fulfill(body="welcome back")

    page.set_default_timeout(10_000)
    page.route(f"{BACK}*", answer)
    page.goto(address)
    page.locator("[name=number]").fill(number)
    page.locator("[name=password]").fill(world.PASSWORD)
    page.locator("main .primary").click()
    page.wait_for_url("**/dinh-danh/dong-y*")
    assert browser.axe(page) == []
    page.locator("[name=number]").check()
    page.locator("[name=yes]").click()
    page.wait_for_url(f"{BACK}*")
    return came_back[0]


@pytest.mark.browser
def test_an_openid_client_that_is_not_ours_signs_a_citizen_in(issuer: str) -> None:
    woman = people.person(cards.holder().pk)
    type(woman).objects.filter(pk=woman.pk).update(full_name=NAME)
    world.active(woman)
    party = world.party("Ngan hang Nam Khan", redirect=BACK)
    knows = {
        "issuer": issuer, "client_id": party.client.client_id, "client_secret": party.secret,
        "redirect_uri": BACK, "scope": "openid profile number",
    }  # fmt: skip

    with relying_party(**knows) as client, browser.chromium() as chromium:
        page = chromium.new_page(viewport={"width": 360, "height": 740})
        came_back = signs_in_and_agrees(page, heard(client)["send_to"], woman.number)
        assert client.stdin is not None
        client.stdin.write(came_back + "\n")
        client.stdin.flush()
        learned = heard(client)

    assert learned["header"]["alg"] == "ES256"
    assert learned["header"]["kid"] == queries.provider_keys().current.thumbprint()
    assert learned["claims"]["acr"] == "urn:hoaban:loa:2"
    assert learned["facts"] == {
        "sub": learned["claims"]["sub"], "name": NAME, "birthdate": "1985", "id_number": woman.number,
    }  # fmt: skip
    assert learned["forged"] == "refused"
    assert learned["again"] == "invalid_grant"
