"""Keeping what comes: files as they are, before anything in them is understood, and images of forms."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import shutil
import tempfile
from pathlib import Path

from django.db import transaction

from hoaban.audit import actions as audit
from hoaban.base import durable
from hoaban.intake import queries, rules
from hoaban.intake.models import Batch
from hoaban.web.actor import Actor

LOAD = "intake.load"


def receive(*, path: Path, name: str, by: Actor, at: dt.datetime, commune: str = "") -> Batch:
    """Keep a file of forms for loading; the same file again is the same batch. Raises NotKept.

    The file is put aside under its hash before the batch is written, and is never changed. `commune` is that
    of forms that don't name theirs.
    """
    by.must(LOAD)
    digest = _keep(path, name)
    with transaction.atomic():
        return _batch_of(digest, name, by, at, commune)


def send(*, path: Path, name: str, by: Actor, at: dt.datetime) -> Batch:
    """Receive a file and have a job load it, unless it's loaded already. Raises NotKept."""
    by.must(LOAD)
    digest = _keep(path, name)
    with transaction.atomic():
        batch = _batch_of(digest, name, by, at, "")
        if batch.loaded_at is None:
            audit.record("intake.sent", f"intake.Batch:{batch.pk}", by=by, at=at, facts={"batch": batch.pk})
    return batch


def register_images(*, folder: Path, by: Actor, at: dt.datetime) -> int:
    """Put aside the images of forms (`SERIAL.png`) of a folder; how many are new."""
    fresh = [
        image
        for image in sorted(folder.glob("*.png"))
        if rules.LOOKS_LIKE_A_SERIAL.match(image.stem) and queries.image_of(image.stem) is None
    ]
    for image in fresh:
        _put_aside(image, queries.image_path(image.stem))
    if fresh:
        audit.record("intake.images_registered", "intake.FormRow", by=by, at=at, facts={"images": len(fresh)})
    return len(fresh)


def _keep(path: Path, name: str) -> str:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    try:
        _put_aside(path, queries.kept_under(digest, name))
    except OSError as error:
        raise rules.NotKept(field="file") from error
    return digest


def _batch_of(digest: str, name: str, by: Actor, at: dt.datetime, commune: str) -> Batch:
    communes = "*" if by.communes is None else ",".join(sorted(by.communes))
    batch, is_new = Batch.objects.get_or_create(
        sha256=digest,
        defaults={
            "name": name[:200], "received_at": at, "by_id": by.id, "by_name": by.name, "communes": communes,
            "commune_code": commune,
        },
    )  # fmt: skip
    if is_new:
        audit.record("intake.received", f"intake.Batch:{batch.pk}", by=by, at=at, facts={"file": name})
    return batch


def _put_aside(source: Path, target: Path) -> None:
    """Copy a file so that its name never stands for half of it."""
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    descriptor, half = tempfile.mkstemp(prefix=f"{target.name}.", suffix=".part", dir=target.parent)
    os.close(descriptor)
    try:
        shutil.copyfile(source, half)
        durable.sync_file(Path(half))
        durable.settle(Path(half), target)
    except BaseException:
        durable.remove(Path(half))
        raise
