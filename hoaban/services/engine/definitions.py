"""The services in `data/services/`, one file each."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from hoaban.base.words import Said
from hoaban.services.rules import Definition, NoSuchService, Paper, Question, QuestionKind, TimeLimit

FOLDER = Path(__file__).parent.parent.parent / "data" / "services"


@cache
def definitions() -> tuple[Definition, ...]:
    """Every service that can be asked for here, by code."""
    read = [_definition(yaml.safe_load(path.read_text(encoding="utf-8"))) for path in sorted(FOLDER.glob("*.yaml"))]
    return tuple(sorted(read, key=lambda one: one.code))


def definition(name: str) -> Definition:
    """The service of that code or of that word in addresses. Raises NoSuchService."""
    for one in definitions():
        if name in (one.code, one.slug):
            return one
    raise NoSuchService(name=name)


def _definition(written: dict[str, Any]) -> Definition:
    limit = written["limit"]
    return Definition(
        code=written["code"],
        slug=written["slug"],
        version=written["version"],
        name=Said(**written["name"]),
        owner=Said(**written["owner"]),
        for_whom=Said(**written["for_whom"]),
        limit=TimeLimit(limit["working_days"], limit["basis"], limit["certainty"]),
        papers=tuple(_paper(one) for one in written["papers"]),
        questions=tuple(
            Question(one["key"], QuestionKind(one["kind"]), Said(**one["asks"]), Said(**one["hint"]))
            for one in written["questions"]
        ),
    )


def _paper(written: dict[str, Any]) -> Paper:
    read_from = written.get("read_from")
    return Paper(
        written["code"], Said(**written["name"]), Said(**read_from) if read_from else None, written["basis"],
        written["certainty"],
    )  # fmt: skip
