"""Databases that are filled once and used again, and the project's own server in front of them."""

import contextlib
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "var" / "bench"
"""Where filled databases and results lie."""

CLUSTER = os.environ.get("CLUSTER", "")
"""The folder in which the PostgreSQL server of scripts/bench.sh listens; "" where there is none."""

DATABASES = ("sqlite", "postgresql")


def end_in_order() -> None:
    """Let a run that is told to end stop its servers and throw its databases away, as Ctrl-C does."""
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    signal.signal(signal.SIGINT, signal.default_int_handler)


def key() -> str:
    """By what a filled database is known: another one has to be filled when the tables or the filling change."""
    made_by = sorted(ROOT.glob("*/migrations/*.py")) + [ROOT / "benchmarks" / "fill.py"]
    return hashlib.sha256(b"".join(path.read_bytes() for path in made_by)).hexdigest()[:12]


def environment(url: str, **given: str) -> dict[str, str]:
    """The environment of a process that uses the database at `url`, with nothing of this machine's .env in it."""
    own = {
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
        "SECRET_KEY": "a key for benchmarks, of no use elsewhere",
        "ALLOWED_HOSTS": "127.0.0.1,localhost,testserver",
        "HTTPS": "False",
        "DEBUG": "False",
        "LOG_LEVEL": "ERROR",
        "CACHE_URL": "locmemcache://",
        "MEDIA_ROOT": str(KEPT / "media"),
    }
    return os.environ | own | given


def python(*arguments: str, url: str, **given: str) -> str:
    """What a module of the benchmarks prints, run by itself on a database. Raises CalledProcessError."""
    command = [sys.executable, "-m", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment(url, **given), check=True, stdout=subprocess.PIPE)
    return done.stdout.decode()


@contextlib.contextmanager
def filled(database: str, size: int) -> Iterator[str]:
    """The address of a database with so many agreements, for one use: what is written there is lost afterwards."""
    KEPT.mkdir(parents=True, exist_ok=True)
    for old in KEPT.glob("filled-*"):
        if key() not in old.name:
            old.unlink()
    with _sqlite(size) if database == "sqlite" else _postgresql(size) as url:
        yield url


def _fill(url: str, size: int) -> None:
    print(f"Filling a database with {size:,} agreements (kept for the next time)", flush=True)
    command = [sys.executable, "-m", "benchmarks.fill", str(size)]
    subprocess.run(command, cwd=ROOT, env=environment(url), check=True)


@contextlib.contextmanager
def _sqlite(size: int) -> Iterator[str]:
    kept, half = KEPT / f"filled-{key()}-{size}.sqlite3", KEPT / f"half-{os.getpid()}-{size}.sqlite3"
    used = KEPT / f"used-{os.getpid()}.sqlite3"
    if not kept.exists():
        half.unlink(missing_ok=True)
        _fill(f"sqlite:///{half}", size)
        half.rename(kept)
    shutil.copyfile(kept, used)
    try:
        yield f"sqlite:///{used}"
    finally:
        for ending in ("", "-wal", "-shm"):
            Path(f"{used}{ending}").unlink(missing_ok=True)


@contextlib.contextmanager
def _postgresql(size: int) -> Iterator[str]:
    kept, half = KEPT / f"filled-{key()}-{size}.dump", KEPT / f"half-{os.getpid()}-{size}.dump"
    name = f"register_{size}_{os.getpid()}"
    url, own = f"postgres://register@/{name}?host={CLUSTER}", [f"--host={CLUSTER}", "--username=register"]
    run = lambda *command: subprocess.run([*command[:1], *own, *command[1:]], check=True)  # noqa: E731
    run("createdb", name)
    try:
        if kept.exists():
            run("pg_restore", f"--dbname={name}", "--jobs=2", str(kept))
            run("vacuumdb", "--analyze", "--quiet", name)
        else:
            _fill(url, size)
            run("pg_dump", "--format=custom", "--compress=1", f"--file={half}", name)
            half.rename(kept)
        yield url
    finally:
        run("dropdb", "--force", name)


def _children(process: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def _database_processes() -> list[int]:
    lock = Path(CLUSTER or "/nowhere") / "postmaster.pid"
    return _children(int(lock.read_text().split()[0])) if lock.exists() else []


class Server:
    """gunicorn as the project configures it, on a database; use it in a `with` statement."""

    def __init__(self, url: str, output: IO[str] | None = None, **given: str) -> None:
        """`output` takes its log; `given` are settings by their names in the environment."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.output = output
        self.environment = environment(url, BIND=f"127.0.0.1:{self.port}", **given)

    def __enter__(self) -> "Server":
        command = [sys.executable, "-m", "gunicorn"]
        self.process = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=self.output, stderr=self.output)
        for _attempt in range(300):
            time.sleep(0.1)
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port)):
                time.sleep(1.0)  # until the last worker has booted as well
                return self
        self.__exit__()
        raise ConnectionError("the server does not start")

    def __exit__(self, *_error: object) -> None:
        self.process.terminate()
        self.process.wait(30)

    @property
    def workers(self) -> list[int]:
        """The processes that answer."""
        return _children(self.process.pid)

    @property
    def processor(self) -> float:
        """The processor time in seconds that its workers and the database server have taken so far."""
        ticks = 0
        for process in [*self.workers, *_database_processes()]:
            with contextlib.suppress(OSError):  # a process of the database server may end at any time
                ticks += sum(map(int, Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[11:13]))
        return ticks / os.sysconf("SC_CLK_TCK")

    @property
    def megabytes(self) -> float:
        """The memory of the worker that has most of it: what it holds in pages of its own and shared ones (RSS)."""
        held = []
        for worker in self.workers:
            status = Path(f"/proc/{worker}/status").read_text()
            held.append(next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")))
        return max(held) / 1024
