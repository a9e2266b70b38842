"""Verifying: whatever is changed after the sealing is found and named; anchors and proofs leave the house."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from typer.testing import CliRunner

from hoaban.audit import queries, rules
from hoaban.audit.commands import app
from hoaban.audit.models import Entry, Epoch
from hoaban.audit.rules import Differs
from hoaban.web.actor import acting_as
from tests import database
from tests.audit import tampering
from tests.audit.tampering import as_owner, seal_all, sealed, write
from tests.make import MAKER

pytestmark = pytest.mark.django_db(transaction=True)
DOCS = Path(__file__).parent.parent.parent / "docs" / "audit.md"


def run(*words: str) -> Any:
    return CliRunner().invoke(app, list(words))


def found() -> queries.Break:
    check = queries.check_seals()
    assert check.first_bad is not None
    return check.first_bad


def test_what_is_as_it_was_sealed_holds_and_names_its_head() -> None:
    sealed(5, epochs=3)
    write(2)

    check = queries.check_seals()

    assert check.holds
    assert (check.epochs, check.waiting) == (Epoch.objects.count(), 2)
    assert check.head == queries.anchor()
    assert "hold" in run("verify").output


def test_several_workers_find_the_same_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = sealed(6, epochs=4)
    monkeypatch.setattr("hoaban.audit.queries.proving.PIECE", 5)
    monkeypatch.setattr("hoaban.audit.queries.proving.ALONE", 0)
    assert queries.check_seals(workers=3) == queries.check_seals(workers=1)

    as_owner("UPDATE audit_entry SET purpose = 'x' WHERE id = %s", [entries[13].pk])

    broken = queries.check_seals(workers=3)
    assert broken == queries.check_seals(workers=1)
    assert broken.first_bad is not None
    assert broken.first_bad.ulid == entries[13].ulid


@pytest.mark.parametrize(
    "change",
    [
        "actor_name = 'somebody else'", "facts = '{\"n\": 8}'", "person_ids = '{7}'", "at = at - interval '1 us'",
        "commune_code = '1'", "address = '10.0.0.1'", "terminal = 'x'", "purpose = 'x'", "subject = 'x'",
        "action = 'x'", "actor_kind = 'job2'", "actor_id = 'x'",
    ],
)  # fmt: skip
def test_a_changed_entry_is_named(change: str) -> None:
    entries = sealed(7)

    as_owner(f"UPDATE audit_entry SET {change} WHERE id = %s", [entries[3].pk])

    broken = found()
    assert (broken.differs, broken.ulid) == (Differs.CHANGED, entries[3].ulid)
    assert broken.epoch == queries.epoch_of(entries[3])
    assert broken.at is not None
    result = run("verify")
    assert result.exit_code == 2
    assert entries[3].ulid in result.output


def test_a_removed_entry_is_named_by_its_place() -> None:
    entries = sealed(7)

    as_owner("DELETE FROM audit_entry WHERE id = %s", [entries[2].pk])

    assert (found().differs, found().ulid) == (Differs.REMOVED, f"no. {entries[2].pk}")


def test_two_entries_that_changed_places_are_named() -> None:
    one, other = sealed(7)[1:3]

    as_owner("UPDATE audit_entry SET id = -1 WHERE id = %s", [one.pk])
    as_owner("UPDATE audit_entry SET id = %s WHERE id = %s", [one.pk, other.pk])
    as_owner("UPDATE audit_entry SET id = %s WHERE id = -1", [other.pk])

    assert (found().differs, found().ulid) == (Differs.SWAPPED, other.ulid)


def test_an_entry_put_among_sealed_ones_is_named() -> None:
    entries = sealed(4, epochs=2)
    columns = "at, action, subject, commune_code, actor_kind, actor_id, actor_name, address, terminal, purpose, facts"

    as_owner(
        f"INSERT INTO audit_entry (id, ulid, xid, person_ids, {columns})"
        f" SELECT -5, 'ZZ', xid, person_ids, {columns} FROM audit_entry WHERE id = %s",
        [entries[1].pk],
    )

    assert (found().differs, found().ulid) == (Differs.ADDED, "ZZ")


@pytest.mark.parametrize(
    ("change", "differs"),
    [
        ("root = sha256('x')", Differs.ROOT),
        ("hash = sha256('x')", Differs.LINK),
        ("sealed_at = sealed_at - interval '1 day'", Differs.LINK),
        ("count = count - 1", Differs.LIST),
        ("entry_ids = entry_ids[2:], leaves = substr(leaves, 33), count = count - 1", Differs.ROOT),
    ],
)
def test_a_changed_epoch_is_named(change: str, differs: Differs) -> None:
    sealed(3, epochs=3)
    middle = Epoch.objects.order_by("-number")[1].number

    as_owner(f"UPDATE audit_epoch SET {change} WHERE number = %s", [middle])

    assert (found().differs, found().epoch) == (differs, middle)


def test_a_removed_epoch_is_named() -> None:
    sealed(3, epochs=3)
    last = Epoch.objects.latest("number").number

    as_owner("DELETE FROM audit_epoch WHERE number = %s", [last - 1])

    assert (found().differs, found().epoch) == (Differs.MISSING, last)


def test_the_last_epoch_removed_with_its_entries_is_found_by_a_kept_anchor() -> None:
    sealed(3, epochs=2)
    kept = str(queries.anchor())
    last = Epoch.objects.latest("number")

    as_owner("DELETE FROM audit_entry WHERE id = ANY(%s)", [last.entry_ids])
    as_owner("DELETE FROM audit_epoch WHERE number = %s", [last.number])

    assert queries.check_seals().holds
    broken = queries.check_seals(rules.read_anchor(kept))
    assert broken.first_bad is not None
    assert broken.first_bad.differs is Differs.ANCHOR


def _rewrite_history(entry: Entry) -> None:
    """Change an entry and every hash after it, as somebody could who owns the database and knows how."""
    as_owner("UPDATE audit_entry SET actor_name = 'somebody else' WHERE id = %s", [entry.pk])
    previous = b""
    for epoch in Epoch.objects.order_by("number"):
        leaves = [rules.leaf_of(queries.text_of(Entry.objects.get(pk=pk))) for pk in epoch.entry_ids]
        root = rules.root(leaves)
        previous = rules.epoch_hash(previous, epoch.number, epoch.sealed_at, epoch.count, root)
        as_owner(
            "UPDATE audit_epoch SET leaves = %s, root = %s, hash = %s WHERE number = %s",
            [b"".join(leaves), root, previous, epoch.number],
        )


def test_a_history_rewritten_whole_is_found_by_an_anchor_kept_elsewhere(tmp_path: Path) -> None:
    entries = sealed(3)
    kept = tmp_path / "anchor.txt"
    kept.write_text(run("anchor").output)
    sealed(3)
    assert run("verify", "--anchor", str(kept)).exit_code == 0

    _rewrite_history(entries[1])

    assert queries.check_seals().holds
    result = run("verify", "--anchor", kept.read_text())
    assert result.exit_code == 2
    assert "BROKEN epoch" in result.output


def test_what_is_no_anchor_is_said_so() -> None:
    with pytest.raises(rules.NotAnAnchor):
        rules.read_anchor("hoaban-audit-1 7")


def test_a_stranger_checks_a_proof_with_the_lines_of_the_documentation(tmp_path: Path) -> None:
    entries = sealed(9)
    sealed(4, epochs=2)
    anchor = str(queries.anchor())
    sealed(2)
    [lines] = re.findall(r"```python\n(.*?)```", DOCS.read_text(), re.S)
    (tmp_path / "anchor.txt").write_text(anchor)
    (tmp_path / "proof.json").write_text(run("proof", entries[5].ulid, "--anchor", anchor).output)

    def checked() -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, "-I", "-c", lines], cwd=tmp_path, capture_output=True, text=True)

    assert checked().returncode == 0, checked().stderr
    assert entries[5].ulid in checked().stdout
    proof = json.loads((tmp_path / "proof.json").read_text())
    proof["entry"] = proof["entry"].replace('"n": 5', '"n": 6')
    (tmp_path / "proof.json").write_text(json.dumps(proof))
    assert "the entry doesn't lead to the root" in checked().stderr


def test_each_entry_of_an_epoch_is_proved_and_a_young_one_is_not() -> None:
    entries = sealed(7)
    [young] = write(1)

    assert all(queries.proof_of(one).holds for one in entries)
    with pytest.raises(rules.NotSealed):
        queries.proof_of(young)


def test_a_dump_restored_elsewhere_proves_as_it_did_before() -> None:
    sealed(5, epochs=2)
    write(2)
    kept, name = queries.anchor(), connection.settings_dict["NAME"]
    rows: dict[str, tuple[str, bytes]] = {}
    with tampering.owner() as one, one.cursor() as cursor:
        for table in ("audit_entry", "audit_epoch"):
            columns = ", ".join(column.name for column in cursor.execute(f"SELECT * FROM {table} LIMIT 0").description)  # type: ignore[union-attr]
            with cursor.copy(f"COPY {table} ({columns}) TO STDOUT") as copy:
                rows[table] = (columns, b"".join(bytes(piece) for piece in copy))
    database.use_scratch("test_hoaban_restored")
    with tampering.owner() as one, one.cursor() as cursor:
        cursor.execute("TRUNCATE audit_entry, audit_epoch")
        for table, (columns, content) in rows.items():
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                copy.write(content)
        cursor.execute("SELECT setval('audit_entry_id_seq', (SELECT max(id) FROM audit_entry))")

    with acting_as(MAKER):
        restored = queries.check_seals(kept)
        write(3)
        seal_all()
        later = queries.check_seals(kept)
    database.use_scratch(name)
    database.drop_scratch("test_hoaban_restored")

    assert restored.holds
    assert restored.waiting == 2
    assert later.holds
    assert later.waiting == 0
