"""`hoaban doctor`: what is well and what isn't; each bad line ends with what mends it."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated

import typer
from django.conf import settings
from django.db import DatabaseError, connections
from rich.console import Console

from hoaban.audit import queries as audit
from hoaban.base.clock import now
from hoaban.base.errors import Refusal
from hoaban.web.actor import acting_as, job_actor

LEAST_FREE_GB = 2
LONGEST_UNSEALED = dt.timedelta(minutes=10)  # the seal is due each minute
OLDEST_BACKUP = dt.timedelta(days=2)


@dataclass(frozen=True)
class Finding:
    """One line of the doctor's: what was looked at, what was seen, and what mends it if it's bad."""

    about: str
    seen: str
    mend: str = ""

    @property
    def is_well(self) -> bool:
        """Whether nothing is to be mended."""
        return not self.mend


def doctor(as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Look at the database, disk, clock, fonts, browser and keys."""
    found = list(examine())
    if as_json:
        Console().print_json(data=[vars(one) | {"well": one.is_well} for one in found])
    else:
        for one in found:
            mark = "[green]well[/]" if one.is_well else "[red]bad [/]"
            Console(highlight=False).print(f"{mark} {one.about}: {one.seen}" + (f" → {one.mend}" if one.mend else ""))
    if not all(one.is_well for one in found):
        raise typer.Exit(1)


def examine() -> Iterator[Finding]:
    """Every finding, in the order a person would look."""
    checks: list[Callable[[], Finding]] = [
        _database,
        _version,
        _disk,
        _clock,
        _fonts,
        _browser,
        _keys,
        _seals,
        _backup,
        _messages,
    ]
    for check in checks:
        yield check()


def _database() -> Finding:
    try:
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT version(), rolbypassrls OR rolsuper FROM pg_roles WHERE rolname = current_user")
            version, unbound = cursor.fetchone() or ("?", True)
    except DatabaseError as trouble:
        return Finding("database", str(trouble).strip().splitlines()[0], "hoaban db migrate, or set DATABASE_URL")
    if unbound:
        return Finding("database", "the app's role isn't bound by row security", "set HOABAN_OWNER_DATABASE_URL")
    return Finding("database", version.split(",")[0])


def _version() -> Finding:
    from hoaban.site.database import check_version

    try:
        check_version()
    except Refusal as no:
        return Finding("tables", str(no), "hoaban db migrate")
    except DatabaseError:
        return Finding("tables", "can't be read", "hoaban db migrate")
    return Finding("tables", "of this version")


def _disk() -> Finding:
    settings.HOABAN_HOME.mkdir(parents=True, exist_ok=True)
    free_gb = shutil.disk_usage(settings.HOABAN_HOME).free / 1e9
    mend = "" if free_gb >= LEAST_FREE_GB else f"free {LEAST_FREE_GB} GB, or move HOABAN_HOME"
    return Finding("disk", f"{free_gb:.1f} GB free in {settings.HOABAN_HOME}", mend)


def _clock() -> Finding:
    try:
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            row = cursor.fetchone()
    except DatabaseError:
        return Finding("clock", "the database's clock can't be read", "hoaban db migrate")
    apart = abs(now() - row[0]) if row else dt.timedelta(days=1)
    mend = "" if apart < dt.timedelta(seconds=5) else "timedatectl set-ntp true, here and on the database's machine"
    return Finding("clock", f"{apart.total_seconds():.1f} s apart from the database", mend)


def _fonts() -> Finding:
    from hoaban.site.settings import PACKAGE

    fonts = sorted((PACKAGE / "data" / "fonts").glob("*.ttf"))
    return Finding("fonts", f"{len(fonts)} for documents", "" if fonts else "python scripts/build_fonts.py")


def _browser() -> Finding:
    found = shutil.which("chromium") or shutil.which("google-chrome")
    return Finding(
        "browser", found or "none; only the page tests need one", "" if found else "apt-get install chromium"
    )


def _keys() -> Finding:
    folder = settings.HOABAN_KEYS
    if not folder.exists():
        return Finding("keys", f"none yet in {folder}; made when first needed")
    open_to_all = [one.name for one in folder.rglob("*") if one.is_file() and one.stat().st_mode & 0o077]
    if open_to_all:
        return Finding("keys", f"others can read {', '.join(open_to_all)}", f"chmod -R go= {folder}")
    return Finding("keys", f"{len(list(folder.rglob('*')))} in {folder}" + (" (root)" if os.geteuid() == 0 else ""))


def _seals() -> Finding:
    try:
        with acting_as(job_actor("command.doctor")):
            lag = audit.seal_lag(now())
    except DatabaseError:
        return Finding("audit", "can't be read", "hoaban db migrate")
    if lag <= LONGEST_UNSEALED:
        return Finding("audit", "sealed up to now")
    return Finding(
        "audit", f"not sealed for {lag.total_seconds() / 60:.0f} minutes", "hoaban work, or hoaban audit seal"
    )


def _backup() -> Finding:
    if not settings.HOABAN_BACKUP_TO:
        mend = "hoaban backup-key FILE, then HOABAN_BACKUP_TO" if settings.HOABAN_PRODUCTION else ""
        return Finding("backup", "no key for backups is set", mend)
    with acting_as(job_actor("command.doctor")):
        last = audit.last_of("site.backed_up")
    if last is None or now() - last.at > OLDEST_BACKUP:
        return Finding("backup", f"the last was on {last.at:%Y-%m-%d}" if last else "none yet", "hoaban backup FILE")
    return Finding("backup", f"the last was on {last.at:%Y-%m-%d %H:%M} UTC")


def _messages() -> Finding:
    from hoaban.site.settings import PACKAGE

    lacking = [
        po.parts[-4] for po in (PACKAGE / "locale").glob("*/*/LC_MESSAGES/*.po") if not po.with_suffix(".mo").exists()
    ]
    return Finding(
        "language",
        "Vietnamese ready" if not lacking else f"not compiled: {', '.join(lacking)}",
        "hoaban messages" if lacking else "",
    )
