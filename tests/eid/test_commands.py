"""`hoaban eid …` for people at a terminal and for machines."""

from __future__ import annotations

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from hoaban.base.errors import NotFound
from hoaban.eid import commands, queries, rules

pytestmark = pytest.mark.usefixtures("db")


def run(*words: str) -> str:
    answer = CliRunner().invoke(commands.app, list(words))
    if answer.exception is not None and not isinstance(answer.exception, SystemExit):
        raise answer.exception
    return answer.stdout


def test_a_relying_party_is_admitted_listed_and_withdrawn() -> None:
    made: Any = json.loads(run("client-add", "Bank", "--redirect", "https://bank.example/back", "--json"))

    found = queries.client(made["client_id"])
    assert found is not None
    assert found.secret_hash == queries.digest(made["client_secret"])
    assert made["issuer"] == "http://localhost"
    [row] = json.loads(run("client-list", "--json"))
    assert (row["name"], row["scopes"], row["withdrawn"]) == ("Bank", "openid profile", False)
    assert "withdrawn" in run("client-withdraw", made["client_id"])
    assert queries.client(made["client_id"]) is None


def test_a_public_one_has_no_secret() -> None:
    shown = run("client-add", "App", "--redirect", "http://localhost:7000/back", "--public")

    assert "client_secret: –" in shown


def test_wrong_words_get_one_clear_line() -> None:
    with pytest.raises(rules.BadRedirect):
        run("client-add", "Bank", "--redirect", "bank.example")
    with pytest.raises(rules.UnknownScope):
        run("client-add", "Bank", "--redirect", "https://bank.example/", "--scope", "fingers")
    with pytest.raises(NotFound):
        run("client-withdraw", "hb-nobody")


def test_keys_are_shown_and_a_new_one_signs() -> None:
    [first] = json.loads(run("keys", "--json"))["keys"]

    shown = run("keys", "--new").split()

    assert shown[0] == first["kid"]
    assert len(shown) == 2
    assert queries.provider_keys().current.thumbprint() == shown[1]
