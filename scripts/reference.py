"""Writes what the documentation says of the code: `docs/reference.md` and `docs/architecture.svg`.

`python -m scripts.reference` writes both; with `--check` it only says whether they are as written.
"""

from __future__ import annotations

import configparser
import os
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import grimp

ROOT = Path(__file__).parent.parent
REFERENCE = ROOT / "docs" / "reference.md"
DRAWING = ROOT / "docs" / "architecture.svg"
ROW, LEFT, WIDTH = 30, 190, 620


def order() -> list[str]:
    """The rooms from the top down, as the contract says."""
    contract = configparser.ConfigParser()
    contract.read(ROOT / ".importlinter")
    return contract["importlinter:contract:rooms"]["layers"].split()


def asked() -> dict[str, set[str]]:
    """Which rooms each room imports."""
    graph = grimp.build_graph("hoaban")
    uses: dict[str, set[str]] = {room: set() for room in order()}
    for module in graph.modules:
        parts = module.split(".")
        if len(parts) < 2 or parts[1] not in uses:
            continue
        for other in graph.find_modules_directly_imported_by(module):
            room = other.partition(".")[2].partition(".")[0]
            if room in uses and room != parts[1]:
                uses[parts[1]].add(room)
    return uses


def drawing() -> str:
    """The rooms in the order of the contract; each arc an import, always downwards."""
    rooms, uses = order(), asked()
    at = {room: 24 + ROW * index for index, room in enumerate(rooms)}
    height = 24 + ROW * len(rooms)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif"'
        ' font-size="14" role="img" aria-label="The rooms in import order; each arc is an import, downwards">',
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
    ]
    for room in rooms:
        for other in sorted(uses[room], key=rooms.index):
            reach = (at[other] - at[room]) * 0.55
            lines.append(
                f'<path d="M{LEFT} {at[room]} C{LEFT + reach:.0f} {at[room]} {LEFT + reach:.0f} {at[other]}'
                f' {LEFT} {at[other]}" fill="none" stroke="#1f6f5c" stroke-opacity=".38"><title>{room} asks'
                f" {other}</title></path>"
            )
    for room in rooms:
        lines.append(f'<text x="{LEFT - 14}" y="{at[room] + 5}" text-anchor="end">{escape(room)}</text>')
        lines.append(f'<circle cx="{LEFT}" cy="{at[room]}" r="4" fill="#8c2f39"/>')
    return "\n".join([*lines, "</svg>", ""])


def reference() -> str:
    """Permissions, refusals, jobs and commands, read from the code."""
    return "\n".join(
        [
            "# Reference",
            "",
            "Written by `make docs` from the code; a test holds it true.",
            *_permissions(),
            *_refusals(),
            *_jobs(),
            *_commands(),
            "",
        ]
    )


def _permissions() -> Iterator[str]:
    from hoaban.officers.rules import PERMISSIONS, ROLE_TITLES

    yield from ("", "## Permissions", "", "| permission | held by |", "|---|---|")
    for name, holders in sorted(PERMISSIONS.items()):
        every = len(holders) == len(ROLE_TITLES)
        titles = "every officer" if every else ", ".join(sorted(str(ROLE_TITLES[role]) for role in holders))
        yield f"| `{name}` | {titles} |"


def _refusals() -> Iterator[str]:
    from hoaban.base.errors import Refusal

    yield from ("", "## Refusals", "", "What a rule may say no to; machines get the code.", "")
    yield from ("| code | words | when |", "|---|---|---|")
    found = {one.code: one for one in _kinds(Refusal) if one.__module__.startswith("hoaban.")}
    for code, kind in sorted(found.items()):
        when = (kind.__doc__ or "").split("\n")[0]
        yield f"| `{code}` | {_cell(kind.message)} | {_cell(when)} |"


def _kinds(kind: type[Any]) -> Iterator[type[Any]]:
    for one in kind.__subclasses__():
        yield one
        yield from _kinds(one)


def _jobs() -> Iterator[str]:
    from procrastinate.contrib.django import app

    from hoaban.audit import actions as audit

    after: dict[str, str] = {}
    for action, jobs in audit.followers().items():
        for job in jobs:
            after[job] = f"{after[job]}, {action}" if job in after else action
    clock = {task.task.name: task.cron for task in app.periodic_registry.periodic_tasks.values()}
    yield from ("", "## Jobs", "", "| job | runs | what it does |", "|---|---|---|")
    for name, task in sorted(app.tasks.items()):
        if name.startswith(("builtin:", "procrastinate.")):
            continue
        when = f"after `{after[name]}`" if name in after else f"`{clock[name]}`" if name in clock else "when asked for"
        yield f"| `{name}` | {when} | {_cell((task.func.__doc__ or '').split(chr(10))[0])} |"


def _commands() -> Iterator[str]:
    import typer.main

    from hoaban.site.commands import application

    yield from ("", "## Commands", "", "| command | what it does |", "|---|---|")
    found = dict(_walk(typer.main.get_command(application(only_kit=False)), "hoaban"))
    for name, words in sorted(found.items()):
        yield f"| `{name}` | {_cell(words)} |"


def _walk(command: Any, name: str) -> Iterator[tuple[str, str]]:
    inner = getattr(command, "commands", None)
    if inner is None:
        yield name, (command.help or "").split("\n")[0]
        return
    for word, one in inner.items():
        yield from _walk(one, f"{name} {word}")


def _cell(words: object) -> str:
    return str(words).replace("|", "\\|").replace("\n", " ").strip()


def main() -> int:
    """Write both, or with `--check` compare."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hoaban.site.settings")
    import django
    from django.utils import translation

    django.setup()
    for name in order():
        for part in ("rules", "forms", "jobs", "actions", "queries"):
            if any((ROOT / "hoaban" / name).glob(f"{part}*")):
                import_module(f"hoaban.{name}.{part}")
    with translation.override("en"):
        made = {REFERENCE: reference(), DRAWING: drawing()}
    stale = [path.name for path, text in made.items() if not path.exists() or path.read_text() != text]
    if "--check" in sys.argv:
        if stale:
            sys.stderr.write(f"{', '.join(stale)} must be written anew: make docs\n")
        return len(stale)
    for path, text in made.items():
        path.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
