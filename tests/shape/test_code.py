"""The shape of the code: rooms, file names, words, tables. Each test is a line of the handbook."""

from __future__ import annotations

import ast
import configparser
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

ROOT = Path(__file__).parent.parent.parent
PACKAGE = ROOT / "hoaban"
FREE_ROOMS = {"base", "web", "site", "kit"}  # pieces, not a part of the work: files are named for what they know
ROOM_FILES = {
    "__init__", "apps", "rules", "models", "queries", "actions", "forms", "pages", "urls", "api", "commands", "jobs",
}  # fmt: skip
ROOM_FOLDERS = {"rules", "engine", "migrations", "templates", "static", "templatetags", "pages", "actions", "queries"}
BANNED = re.compile(r"(^|_)(process|handle|manage|do|data|info|util|utils|helper|helpers|common|misc)(_|$)")
VIETNAMESE = re.compile("[\u1ea0-\u1ef9\u0102\u0103\u0110\u0111\u01a0\u01a1\u01af\u01b0]")


def _python(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*.py")) if "migrations" not in path.parts)


def _order() -> list[str]:
    contract = configparser.ConfigParser()
    contract.read(ROOT / ".importlinter")
    return contract["importlinter:contract:rooms"]["layers"].split()


def test_every_room_of_the_contract_says_what_it_is_for() -> None:
    for room in _order():
        doc = ast.get_docstring(ast.parse((PACKAGE / room / "__init__.py").read_text()))
        assert doc, room
        assert len(doc) > 80, room


def test_files_in_a_room_have_the_names_of_the_handbook() -> None:
    for room in set(_order()) - FREE_ROOMS:
        files = {path.stem for path in (PACKAGE / room).glob("*.py")}
        folders = {path.name for path in (PACKAGE / room).iterdir() if path.is_dir()} - {"__pycache__"}
        assert files <= ROOM_FILES, (room, files - ROOM_FILES)
        assert folders <= ROOM_FOLDERS, (room, folders - ROOM_FOLDERS)


def test_the_tables_of_each_room_are_protected_by_a_contract() -> None:
    contract = configparser.ConfigParser()
    contract.read(ROOT / ".importlinter")
    protected = {
        contract[section]["protected_modules"].strip()
        for section in contract.sections()
        if contract[section].get("type") == "protected"
    }
    assert protected == {f"hoaban.{path.parent.name}.models" for path in PACKAGE.glob("*/models.py")}


def test_foreign_keys_point_down_and_are_hidden() -> None:
    order = _order()
    for model in apps.get_models():
        room = model.__module__.split(".")[1]
        if not model.__module__.startswith("hoaban."):
            continue
        for field in model._meta.get_fields():
            if not field.is_relation or field.auto_created or field.related_model is None:
                continue
            target = field.related_model.__module__.split(".")
            if target[0] != "hoaban" or target[1] == room:
                continue
            assert order.index(target[1]) > order.index(room), f"{model.__name__}.{field.name} points up"
            hidden = bool(field.remote_field and field.remote_field.hidden)
            assert hidden, f"{model.__name__}.{field.name} is seen from {target[1]}"


def test_names_say_what_a_thing_knows() -> None:
    for path in _python(PACKAGE):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                assert not BANNED.search(node.name.lower()), f"{path.relative_to(ROOT)}: {node.name}"


def test_public_functions_say_what_they_promise() -> None:
    for path in _python(PACKAGE):
        tree = ast.parse(path.read_text())
        assert ast.get_docstring(tree), f"{path.relative_to(ROOT)} doesn't say what it's for"
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                assert ast.get_docstring(node), f"{path.relative_to(ROOT)}: {node.name} has no docstring"


def test_actions_take_keywords_and_somebody_responsible() -> None:
    for path in [*PACKAGE.glob("*/actions.py"), *PACKAGE.glob("*/actions/*.py")]:
        if path.relative_to(PACKAGE).parts[0] in ("audit", "synth"):
            continue  # the audit is what the others write to; synth writes files, not facts
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                names = {arg.arg for arg in node.args.kwonlyargs}
                where = f"{path.relative_to(ROOT)}: {node.name}"
                assert not node.args.args, f"{where} takes positional arguments"
                assert "by" in names, f"{where} has nobody responsible"


def test_no_signals() -> None:
    for path in _python(PACKAGE):
        assert "@receiver" not in path.read_text(), path


def test_vietnamese_has_its_homes() -> None:
    files = [
        path
        for folder in ("hoaban", "tests", "scripts", "benchmarks")
        for pattern in ("*.py", "*.html", "*.js", "*.css", "*.mjs")
        for path in sorted((ROOT / folder).rglob(pattern))
        if not {"locale", "data", "flows", "vendor", "node_modules"} & set(path.parts)
    ]
    assert files
    for path in files:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            assert not VIETNAMESE.search(line), f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}"


@pytest.mark.parametrize(
    "words", ["pypi" + ".org", "registry.npm" + "js", "deb.debian" + ".org", "pythonhosted" + ".org"]
)
def test_no_registry_is_named(words: str) -> None:
    for folder in ("hoaban", "tests", "scripts", "benchmarks", "docs"):
        for path in (ROOT / folder).rglob("*"):
            if path.is_file() and path.suffix in {
                ".py",
                ".json",
                ".md",
                ".sh",
                ".mjs",
                ".yaml",
                ".csv",
                ".toml",
                ".lock",
            }:
                assert words not in path.read_text(encoding="utf-8"), path
    assert words not in (ROOT / "requirements.lock").read_text()


def test_modules_stay_small_enough_to_read() -> None:
    for path in _python(PACKAGE):
        lines = len(path.read_text().splitlines())
        assert lines <= 400, f"{path.relative_to(ROOT)} has {lines} lines"


def test_every_room_with_pages_is_installed() -> None:
    rooms = {path.parent.name for path in PACKAGE.glob("*/models.py")} | {
        path.parent.name for path in PACKAGE.glob("*/urls.py")
    }
    assert rooms - {"site", "kit"} <= set(settings.CONTEXTS)
