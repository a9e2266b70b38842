"""A backup is one sealed file; what is restored from it is what was backed up, or it is refused."""

from __future__ import annotations

import io
import resource
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from hoaban.audit import actions as audit
from hoaban.base import sealing
from hoaban.site import container
from tests import database, make

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass(frozen=True)
class Place:
    """A database and a home, and the programs run there."""

    database: str
    home: Path

    def run(self, *words: str, most_bytes: int = resource.RLIM_INFINITY) -> subprocess.CompletedProcess[str]:
        owner = settings.DATABASES["owner"]
        at = f"{owner['HOST']}:{owner['PORT']}/{self.database}"
        environment = {
            **database.environment(self.database),
            "HOABAN_HOME": str(self.home),
            "DATABASE_URL": f"postgresql://hoaban_app:{owner['PASSWORD']}@{at}",
            "HOABAN_OWNER_DATABASE_URL": f"postgresql://{owner['USER']}:{owner['PASSWORD']}@{at}",
        }
        return subprocess.run(
            [sys.executable, "-m", "hoaban", *words], env=environment, capture_output=True, text=True, check=False,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes)),
        )  # fmt: skip

    def asked(self, statement: str) -> list[tuple[object, ...]]:
        return database.as_owner(self.database, statement)


@pytest.fixture
def here(tmp_path: Path) -> Place:
    """The place of the test's own database, with files and keys of its own."""
    place = Place(connection.settings_dict["NAME"], tmp_path / "here")
    for name in ("files/forms/SYN1.png", "keys/packets/age.secret"):
        (place.home / name).parent.mkdir(parents=True)
        (place.home / name).write_bytes(name.encode())
    return place


@pytest.fixture
def there(tmp_path: Path, worker_id: str) -> Iterator[Place]:
    """An empty database and an empty home."""
    name = f"test_restored_{worker_id}"
    with database.owner() as server:
        database.drop(server, name)
        server.execute(f"CREATE DATABASE {name}".encode())
    yield Place(name, tmp_path / "there")
    with database.owner() as server:
        database.drop(server, name)


@pytest.fixture
def key(tmp_path: Path) -> Path:
    file = tmp_path / "backup.key"
    file.write_text(sealing.new_identity())
    return file


def _backed_up(here: Place, key: Path, file: Path) -> Path:
    done = here.run("backup", str(file), "--to", sealing.recipient_of(key.read_text().strip()))
    assert done.returncode == 0, done.stderr
    return file


def _register() -> int:
    person = make.person()
    audit.seal()
    return person.pk


def test_everything_comes_back_with_its_seals(here: Place, there: Place, key: Path, tmp_path: Path) -> None:
    person_id = _register()
    file = _backed_up(here, key, tmp_path / "province.bak")

    done = there.run("restore", str(file), "--key", str(key))

    assert done.returncode == 0, done.stderr
    assert "proven" in done.stdout
    ask = f"SELECT full_name, version FROM people_person WHERE id = {person_id}"
    assert there.asked(ask) == here.asked(ask) != []
    assert (there.home / "files/forms/SYN1.png").read_bytes() == b"files/forms/SYN1.png"
    assert (there.home / "keys/packets/age.secret").read_bytes() == b"keys/packets/age.secret"
    assert not list(there.home.glob("restoring.*"))
    walls = "SELECT count(*) FROM pg_policies"
    assert there.asked(walls) == here.asked(walls)
    assert there.asked("SELECT 1 FROM audit_entry WHERE action = 'site.restored'")


def test_the_app_stays_bound_after_restoring(here: Place, there: Place, key: Path, tmp_path: Path) -> None:
    _register()
    there.run("restore", str(_backed_up(here, key, tmp_path / "province.bak")), "--key", str(key))

    owner = settings.DATABASES["owner"]
    with psycopg.connect(
        host=owner["HOST"], port=owner["PORT"], user="hoaban_app", password=owner["PASSWORD"], dbname=there.database
    ) as app:
        assert app.execute("SELECT count(*) FROM people_person").fetchone() == (0,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("UPDATE audit_entry SET actor_name = 'nobody'")


def test_a_backup_says_nothing_to_who_has_no_key(here: Place, there: Place, key: Path, tmp_path: Path) -> None:
    _register()
    file = _backed_up(here, key, tmp_path / "province.bak")
    other = tmp_path / "other.key"
    other.write_text(sealing.new_identity())

    done = there.run("restore", str(file), "--key", str(other))

    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert b"Pao May" not in file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0
    assert there.asked("SELECT 1 FROM information_schema.tables WHERE table_schema = 'public'") == []


@pytest.mark.parametrize("share", [0.0, 0.999])
def test_a_backup_cut_off_restores_nothing(here: Place, there: Place, key: Path, tmp_path: Path, share: float) -> None:
    file = _backed_up(here, key, tmp_path / "province.bak")
    whole = file.read_bytes()
    file.write_bytes(whole[: int(len(whole) * share)])

    done = there.run("restore", str(file), "--key", str(key))

    assert done.returncode == 1
    assert file.name in done.stderr
    assert "Traceback" not in done.stderr
    assert there.asked("SELECT 1 FROM information_schema.tables WHERE table_schema = 'public'") == []
    assert not list(there.home.glob("files/**/*"))


def test_nothing_is_restored_over_a_register(here: Place, key: Path, tmp_path: Path) -> None:
    file = _backed_up(here, key, tmp_path / "province.bak")

    done = here.run("restore", str(file), "--key", str(key))

    assert done.returncode == 1
    assert here.database in done.stderr


def test_an_audit_that_was_changed_before_the_backup_is_named(
    here: Place, there: Place, key: Path, tmp_path: Path
) -> None:
    _register()
    here.asked("ALTER TABLE audit_entry DISABLE TRIGGER USER")
    here.asked("UPDATE audit_entry SET actor_name = 'somebody else'")
    here.asked("ALTER TABLE audit_entry ENABLE TRIGGER USER")
    file = _backed_up(here, key, tmp_path / "province.bak")

    done = there.run("restore", str(file), "--key", str(key))

    assert done.returncode == 1
    assert "entry " in done.stderr


def test_a_backup_overwrites_no_file_and_needs_a_key(here: Place, key: Path, tmp_path: Path) -> None:
    file = tmp_path / "province.bak"
    file.write_text("mine")

    for words in (("--to", sealing.recipient_of(key.read_text().strip())), ("--to", "age1nobody"), ()):
        done = here.run("backup", str(file), *words)
        assert done.returncode == 1
        assert "Traceback" not in done.stderr
    assert file.read_text() == "mine"


def test_a_full_disk_leaves_no_half_backup(here: Place, key: Path, tmp_path: Path) -> None:
    """A limit on the size of files stands for the disk: both let a write fail."""
    file = tmp_path / "province.bak"

    done = here.run("backup", str(file), "--to", sealing.recipient_of(key.read_text().strip()), most_bytes=100_000)

    assert done.returncode == 1
    assert "too large" in done.stderr
    assert "Traceback" not in done.stderr
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["backup.key"]


def test_a_key_is_made_once(tmp_path: Path, here: Place) -> None:
    file = tmp_path / "new.key"

    made, again = here.run("backup-key", str(file)), here.run("backup-key", str(file))

    assert made.stdout.strip() == sealing.recipient_of(file.read_text().strip())
    assert file.stat().st_mode & 0o077 == 0
    assert again.returncode == 1


def test_a_name_that_leads_outside_is_refused() -> None:
    for name in ("/etc/passwd", "files/../../x"):
        with pytest.raises(container.CannotOpen):
            container.safe(name)


def test_trouble_while_filling_is_raised_where_it_is_written() -> None:
    def members() -> Iterator[container.Member]:
        yield "one", b"1"
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        container.write(io.BytesIO(), members(), [sealing.recipient_of(sealing.new_identity())])


def test_the_entry_says_that_a_backup_was_made(here: Place, key: Path, tmp_path: Path) -> None:
    _backed_up(here, key, tmp_path / "province.bak")

    [(name,)] = here.asked("SELECT facts->>'file' FROM audit_entry WHERE action = 'site.backed_up'")

    assert name == "province.bak"
