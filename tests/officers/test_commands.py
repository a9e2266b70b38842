"""The administrator makes officers and helps those who forgot at the command line."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import Settings
from typer.testing import CliRunner

from hoaban.audit import queries as audit
from hoaban.officers import queries
from hoaban.officers.commands import app
from hoaban.officers.rules import NameTaken
from tests import make

pytestmark = pytest.mark.django_db


def said(*words: str) -> str:
    ran = CliRunner().invoke(app, words, catch_exceptions=False)
    assert ran.exit_code == 0, ran.output
    return ran.output


def signs_in(username: str, password: str) -> bool:
    client = Client(SERVER_NAME="localhost")
    client.post("/dong-chi/login/", {"login": username, "password": password})
    return "_auth_user_id" in client.session


def test_an_officer_is_made_with_a_role_in_a_commune_and_signs_in(settings: Settings) -> None:
    settings.HOABAN_SECOND_FACTOR = True
    password = said("enlist", "lo.thi.an", "Lo Thi An", "clerk", make.NAM_KHAN).split()[-1]

    assert signs_in("lo.thi.an", password)
    assert "services.decide" in queries.actor_of(queries.officer("lo.thi.an")).permissions
    assert f"lo.thi.an\tLo Thi An\tclerk {make.NAM_KHAN}" in said("list")
    with pytest.raises(NameTaken):
        said("enlist", "lo.thi.an", "Somebody Else", "clerk", make.NAM_KHAN)


def test_a_forgotten_password_is_renewed_and_the_second_step_set_up_anew() -> None:
    officer = make.officer("clerk")
    password = said("renew", officer.username).split()[-1]

    assert not signs_in(officer.username, "a-long-password")
    assert signs_in(officer.username, password)
    assert not queries.has_second_factor(officer)
    assert "officers.renewed" in {one.action for one in audit.entries()}


def test_one_more_role_is_given() -> None:
    officer = make.officer("clerk")
    said("assign", officer.username, "chair", "11", "--level", "province")

    assert {one.role for one in queries.roles_of(officer)} == {"clerk", "chair"}
