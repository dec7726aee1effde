"""Superset's processes: set up once in a home of their own, served on loopback, stopped with whoever started them."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from warehouse.errors import InputError, PaperhouseError
from warehouse.files import replacing

HERE = Path(__file__).parent
HOST = "127.0.0.1"
ADMIN = "admin"
START_SECONDS = 180
STOP_SECONDS = 30
LOG_LINES = 5
_OWNER_ONLY = 0o077


@dataclass(frozen=True, slots=True)
class Superset:
    """A Superset: its environment (a venv), its home (database, secrets, log), the warehouse it shows and its port.

    `memory_limit` is what DuckDB may use for its queries, as DuckDB writes it.
    """

    environment: Path
    home: Path
    warehouse: Path
    port: int
    memory_limit: str

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://{HOST}:{self.port}"

    @property
    def log(self) -> Path:
        """What its processes say."""
        return self.home / "superset.log"

    def password(self) -> str:
        """The password of the user `admin`; it and Superset's secret key are made at the first call."""
        path = self.home / "secrets.json"
        if not path.exists():
            self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
            made = {"secret_key": secrets.token_urlsafe(48), "admin_password": secrets.token_urlsafe(12)}
            with replacing(path) as temporary:
                temporary.touch(mode=0o600)
                temporary.write_text(json.dumps(made), encoding="utf-8")
        return str(json.loads(path.read_text(encoding="utf-8"))["admin_password"])

    def check(self) -> None:
        """Raises InputError where it can't start: no environment, no warehouse, or another program has the port."""
        if not (self.environment / "bin" / "superset").exists():
            raise InputError(f"{self.environment}: Superset is not installed there; `make superset` installs it")
        if not self.warehouse.exists():
            raise InputError(f"{self.warehouse}: there is no warehouse yet; `paperhouse run` makes one")
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server does
            try:
                probe.bind((HOST, self.port))
            except OSError as error:
                raise InputError(
                    f"port {self.port}: {os.strerror(error.errno or 0)}; "
                    "PAPERHOUSE_SUPERSET_PORT or --port names another"
                ) from error

    def set_up(self) -> None:
        """Makes Superset's database, its user and its roles, unless this version has done so; takes half a minute."""
        password = self.password()
        self.log.touch(mode=0o600)
        stamp, version = self.home / "version", _version()
        if stamp.exists() and stamp.read_text(encoding="utf-8") == version:
            return
        self._run("superset", "db", "upgrade")
        user = ["--username", ADMIN, "--firstname", "paperhouse", "--lastname", ADMIN, "--email", "admin@localhost"]
        # By a variable, because everybody can read the arguments of a process.
        self._run("superset", "fab", "create-admin", *user, variables={"FLASK_FAB_CREATE_ADMIN_PASSWORD": password})
        self._run("superset", "init")
        stamp.write_text(version, encoding="utf-8")

    @contextmanager
    def serving(self) -> Iterator[subprocess.Popen[bytes]]:
        """The server, ready to answer; it is stopped at the end."""
        # Threads of one process: a second process would need as much memory again.
        options = ["--workers", "1", "--worker-class", "gthread", "--threads", "8", "--timeout", "120"]
        options += ["--bind", f"{HOST}:{self.port}", "--no-control-socket", "--log-level", "warning"]
        command = [str(self.environment / "bin" / "gunicorn"), *options, "superset.app:create_app()"]
        with self.log.open("ab") as log:
            server = subprocess.Popen(
                command, cwd=self.home, env=self._variables(), stdout=log, stderr=log, umask=_OWNER_ONLY
            )
        try:
            self._wait_until_ready(server)
            yield server
        finally:
            _stop(server)

    def _wait_until_ready(self, server: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if server.poll() is not None:
                raise PaperhouseError(f"Superset ended while it started: {self._last_words()}")
            try:
                if httpx.get(f"{self.address}/health", timeout=5, trust_env=False).is_success:
                    return
            except httpx.HTTPError:
                pass
            time.sleep(0.3)
        raise PaperhouseError(f"Superset did not answer within {START_SECONDS} seconds; see {self.log}")

    def _run(self, program: str, *arguments: str, variables: Mapping[str, str] | None = None) -> None:
        environment = {**self._variables(), **(variables or {})}
        with self.log.open("ab") as log:
            command = [str(self.environment / "bin" / program), *arguments]
            done = subprocess.run(
                command,
                cwd=self.home,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                umask=_OWNER_ONLY,
            )
        if done.returncode:
            what = " ".join([program, *arguments[:2]])
            raise PaperhouseError(f"`{what}` failed: {self._last_words()}")

    def _last_words(self) -> str:
        lines = self.log.read_text(encoding="utf-8", errors="replace").split("\n")
        said = [line.strip() for line in lines if line.strip()]
        return f"{' | '.join(said[-LOG_LINES:])} (all of it is in {self.log})"

    def _variables(self) -> dict[str, str]:
        ours = {
            "SUPERSET_HOME": str(self.home),
            "SUPERSET_CONFIG_PATH": str(HERE / "superset_config.py"),
            "PAPERHOUSE_WAREHOUSE": str(self.warehouse),
            "PAPERHOUSE_MEMORY_LIMIT": self.memory_limit,
            "FLASK_APP": "superset.app:create_app()",
        }
        # Its environment must find none of our modules, or those of whoever started us.
        others = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "SUPERSET_"))}
        return others | ours


def _version() -> str:
    return hashlib.sha256((HERE / "requirements.txt").read_bytes()).hexdigest()


def _stop(server: subprocess.Popen[bytes]) -> None:
    if server.poll() is None:
        server.send_signal(signal.SIGTERM)
    try:
        server.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
