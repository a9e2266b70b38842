"""A production start refuses what is unsafe, each by name, and all at once."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from hoaban.site import settings as read_once

SAFE = {
    "HOABAN_PRODUCTION": "1",
    "HOABAN_SECRET_KEY": "x" * 50,
    "DATABASE_URL": "postgresql://app:secret@db.example/hoaban",
    "HOABAN_BASE_URL": "https://hoaban.example",
}
UNSAFE = {
    "HOABAN_DEBUG": "1",
    "HOABAN_SECRET_KEY": "short",
    "DATABASE_URL": "",
    "HOABAN_MOCK_DEVICES": "1",
    "HOABAN_SYNTHETIC": "1",
    "HOABAN_SECOND_FACTOR": "0",
    "HOABAN_BASE_URL": "http://hoaban.example",
}


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in {*SAFE, *UNSAFE, "HOABAN_EMBEDDED_DATABASE", "HOABAN_OWNER_DATABASE_URL", "HOABAN_PORT"}:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOABAN_HOME", str(tmp_path))


def started(monkeypatch: pytest.MonkeyPatch, **environment: str) -> dict[str, Any]:
    """The settings as a process with that environment reads them."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return runpy.run_path(str(read_once.__file__))


def test_a_safe_production_starts_with_safe_cookies_and_one_host(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = started(monkeypatch, **SAFE)

    assert settings["ALLOWED_HOSTS"] == ["hoaban.example"]
    assert settings["SESSION_COOKIE_SECURE"]
    assert settings["CSRF_COOKIE_SECURE"]
    assert not settings["HOABAN_MOCK_DEVICES"]
    assert not settings["HOABAN_SYNTHETIC"]


@pytest.mark.parametrize("name", UNSAFE)
def test_production_refuses_each_unsafe_value_by_its_name(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        started(monkeypatch, **(SAFE | {name: UNSAFE[name]}))

    assert name in str(refused.value)
    assert str(refused.value).count(";") == 0


def test_production_names_every_unsafe_value_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        started(monkeypatch, **(SAFE | UNSAFE))

    assert all(name in str(refused.value) for name in UNSAFE)


def test_the_embedded_database_needs_an_explicit_yes_in_production(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = started(monkeypatch, **(SAFE | {"DATABASE_URL": "", "HOABAN_EMBEDDED_DATABASE": "1"}))

    assert settings["HOABAN_EMBEDDED_DATABASE"]


def test_production_makes_up_no_secret_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match="HOABAN_SECRET_KEY"):
        started(monkeypatch, **(SAFE | {"HOABAN_SECRET_KEY": ""}))

    assert not (tmp_path / "keys").exists()


def test_practice_keeps_one_secret_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    first, again = started(monkeypatch), started(monkeypatch)

    assert first["SECRET_KEY"] == again["SECRET_KEY"]
    assert len(first["SECRET_KEY"]) >= 40
    assert (tmp_path / "keys" / "django.secret").stat().st_mode & 0o077 == 0


def test_what_is_neither_yes_nor_no_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ImproperlyConfigured, match="HOABAN_DEBUG must be 1 or 0, not 'maybe'"):
        started(monkeypatch, HOABAN_DEBUG="maybe")


def test_one_login_steps_down_to_the_bound_role(monkeypatch: pytest.MonkeyPatch) -> None:
    databases = started(monkeypatch, **SAFE)["DATABASES"]

    assert databases["default"]["OPTIONS"]["options"] == "-c role=hoaban_app"
    assert "options" not in databases["owner"]["OPTIONS"]
