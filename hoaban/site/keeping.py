"""`hoaban backup`, `hoaban restore`, `hoaban backup-key`: the whole province in one sealed file, and back.

A backup holds the database, the files (form images, packets, cards) and the keys. It is sealed for a public
key whose other half is kept elsewhere: who takes the file or the server can't open it. Restoring proves the
audit's chain and that its head is the one the backup was made with.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from django.conf import settings
from django.db import connections

from hoaban import __version__
from hoaban.audit import actions as audit
from hoaban.audit import queries as audit_queries
from hoaban.base import durable, sealing
from hoaban.base.clock import now
from hoaban.base.errors import Refusal
from hoaban.base.words import _
from hoaban.site import container, database
from hoaban.site.container import CannotOpen
from hoaban.web.actor import acting_as, job_actor

MANIFEST, DUMP, FORMAT = "manifest.json", "database", 1
NOT_KEPT = (".part",)  # endings of files that are being written


class FileThere(Refusal):
    """A file of that name exists; a backup overwrites none."""

    code = "site.backup_file_there"
    message = _("%(file)s is there already. Choose another name.")


class NoKey(Refusal):
    """Nobody is named for whom to seal."""

    code = "site.backup_no_key"
    message = _("Say for whom to seal: --to age1…, or set HOABAN_BACKUP_TO. Make a key with: hoaban backup-key FILE")


class NotEmpty(Refusal):
    """Something is there already that a restore would mix with."""

    code = "site.restore_not_empty"
    message = _("%(what)s isn't empty. Restore into an empty database and an empty HOABAN_HOME.")


class ToolFailed(Refusal):
    """PostgreSQL's own program failed."""

    code = "site.restore_tool_failed"
    message = _("%(program)s failed: %(why)s")


class ChainDiffers(Refusal):
    """What was restored isn't what was backed up."""

    code = "site.restore_chain_differs"
    message = _("The audit's chain doesn't hold after restoring: %(why)s. Don't work with this database.")


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself. `head` is the number and hash of the audit's last epoch, "" where none is."""

    format: int
    version: str
    made_at: str
    server: str
    epochs: int
    head: str


def backup_key(file: Path) -> None:
    """Make a key for backups: its secret half goes into FILE, the public half is printed."""
    if file.exists():
        raise FileThere(file=file)
    secret = sealing.new_identity()
    durable.write(file, f"{secret}\n".encode())
    typer.echo(sealing.recipient_of(secret))


def backup(
    file: Path,
    to: Annotated[list[str] | None, typer.Option(help="public key age1… to seal for; may be repeated")] = None,
) -> None:
    """Write database, files and keys into one file sealed for a public key."""
    began = time.perf_counter()
    recipients = to or settings.HOABAN_BACKUP_TO
    if not recipients:
        raise NoKey
    if file.exists():
        raise FileThere(file=file)
    database.check_version()
    half = file.with_name(f"{file.name}.part")
    try:
        with open(half, "wb", opener=lambda path, flags: os.open(path, flags, 0o600)) as target:
            size = container.write(target, _members(), recipients)
        durable.sync_file(half)
        durable.settle(half, file)
    except OSError as error:
        raise container.NotWritten(why=error.strerror or error) from error
    finally:
        with contextlib.suppress(OSError):
            durable.remove(half)
    by = job_actor("command.backup")
    audit.record("site.backed_up", "site.Backup", by=by, at=now(), facts={"file": file.name, "bytes": size})
    took = time.perf_counter() - began
    typer.echo(f"{file}: {size / 1e6:,.1f} MB inside, {file.stat().st_size / 1e6:,.1f} MB sealed ({took:.1f} s)")


def restore(
    file: Path, key: Annotated[Path, typer.Option(help="the file with the secret half of the backup's key")]
) -> None:
    """Put a backup into an empty database and an empty HOABAN_HOME, and prove the audit's chain."""
    began = time.perf_counter()
    _refuse_what_is_there()
    staging = Path(tempfile.mkdtemp(prefix="restoring.", dir=_home()))
    try:
        manifest = _unpack(file, key.read_text(), staging)
        _load(staging / DUMP)
        for name, place in _folders().items():
            _put(staging / name, place)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    database.check_version()
    with acting_as(job_actor("command.restore")) as by:
        proven = _prove(manifest)
        audit.record(
            "site.restored", "site.Backup", by=by, at=now(), facts={"file": file.name, "made_at": manifest.made_at}
        )
    typer.echo(
        f"{file}: of {datetime.fromisoformat(manifest.made_at):%Y-%m-%d %H:%M}, {proven} entries of the audit proven "
        f"({time.perf_counter() - began:.1f} s)"
    )


def _home() -> Path:
    settings.HOABAN_HOME.mkdir(parents=True, exist_ok=True)
    return Path(settings.HOABAN_HOME)


def _folders() -> dict[str, Path]:
    return {"files": Path(settings.HOABAN_FILES), "keys": Path(settings.HOABAN_KEYS)}


def _members() -> Iterator[container.Member]:
    yield MANIFEST, json.dumps(asdict(_manifest())).encode()
    yield from _dumped()
    for name, folder in _folders().items():
        for path in sorted(folder.rglob("*")) if folder.exists() else []:
            if path.is_file() and path.suffix not in NOT_KEPT:
                yield f"{name}/{path.relative_to(folder)}", path


def _manifest() -> Manifest:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SHOW server_version")
        [server] = cursor.fetchone()
    with acting_as(job_actor("command.backup")):
        epochs, head = audit_queries.head()
    return Manifest(FORMAT, __version__, now().isoformat(), server, epochs, head)


def _dumped() -> Iterator[container.Member]:
    with tempfile.TemporaryFile() as errors:
        dump = subprocess.Popen(
            [_program("pg_dump"), "--format=custom", "--no-owner", *_where()],
            stdout=subprocess.PIPE, stderr=errors, env=_environment(),
        )  # fmt: skip
        assert dump.stdout is not None
        for number, piece in enumerate(container.pieces(dump.stdout)):
            yield f"{DUMP}/{number:06d}", piece
        if dump.wait():
            errors.seek(0)
            raise ToolFailed(program="pg_dump", why=_last_words(errors.read()))


def _unpack(file: Path, identity: str, staging: Path) -> Manifest:
    manifest = None
    with file.open("rb") as source, (staging / DUMP).open("wb") as dump:
        for name, content in container.read(source, identity, file.name):
            if name == MANIFEST:
                manifest = Manifest(**json.loads(content))
            elif name.startswith(f"{DUMP}/"):
                dump.write(content)
            else:
                durable.write(staging / container.safe(name), content)
    if manifest is None or manifest.format != FORMAT:
        raise CannotOpen(file=file.name)
    return manifest


def _refuse_what_is_there() -> None:
    if database.holds_tables():
        raise NotEmpty(what=settings.DATABASES["owner"]["NAME"])
    for name, folder in _folders().items():
        there = [path for path in folder.rglob("*") if path.is_file()] if folder.exists() else []
        if [path for path in there if (name, path.name) != ("keys", "django.secret")]:  # made at every start
            raise NotEmpty(what=folder)


def _load(dump: Path) -> None:
    database.make_role()
    done = subprocess.run(
        [_program("pg_restore"), "--no-owner", "--clean", "--if-exists", "--single-transaction", *_where(), str(dump)],
        capture_output=True, env=_environment(), check=False,
    )  # fmt: skip
    if done.returncode:
        raise ToolFailed(program="pg_restore", why=_last_words(done.stderr))
    for connection in connections.all():
        connection.close()


def _put(source: Path, place: Path) -> None:
    if source.exists():
        shutil.rmtree(place, ignore_errors=True)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(source, place)


def _prove(manifest: Manifest) -> int:
    check = audit_queries.check_seals()
    if not check.holds:
        raise ChainDiffers(why=check.first_bad)
    if audit_queries.head() != (manifest.epochs, manifest.head):
        raise ChainDiffers(why=manifest.head)
    return check.entries


def _program(name: str) -> str:
    return str(settings.EMBEDDED.binary(name))


def _where() -> list[str]:
    owner = settings.DATABASES["owner"]
    named = (("--host", "HOST"), ("--port", "PORT"), ("--username", "USER"), ("--dbname", "NAME"))
    return [f"{option}={owner[key]}" for option, key in named if owner[key]]


def _environment() -> dict[str, str]:
    return {**os.environ, "PGPASSWORD": settings.DATABASES["owner"]["PASSWORD"], "LC_ALL": "C.UTF-8"}


def _last_words(said: bytes) -> str:
    return said.decode(errors="replace").strip()[-600:]
