"""The real app as the README starts it: its own process, a port of its own, a store and folders of its own."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import urlopen

from lib.settings import PREFIX, ROOT

ZONE, PERSON = "Asia/Tokyo", "akiko"
START_S, STOP_S = 180, 60
# Below those that the system hands out for outgoing connections, so that none is taken before the app gets to it.
FIRST_PORT, PORTS_A_WORKER = 18_000, 200


@dataclass
class App:
    """A running app: where it answers, what it printed, where it keeps things."""

    url: str
    folder: Path
    process: "subprocess.Popen[str]"
    lines: list[str] = field(default_factory=list)

    @property
    def output(self) -> str:
        """Everything that the process printed so far."""
        return "".join(self.lines)

    def check(self) -> None:
        """Fails where the app has died, or has met an error that it did not expect."""
        assert self.process.poll() is None, f"the app has died:\n{self.output}"
        assert "Traceback" not in self.output, f"the app met an error:\n{self.output}"


@contextmanager
def running(
    folder: Path, store: str | None = None, program: Sequence[str] = ("app.py",), **settings: str
) -> Iterator[App]:
    """An app on `store` (by default a file in `folder`, which need not be there yet), or another program's page.

    The secrets that lie in `folder` are its own; whoever runs the tests may have others.
    """
    imports = folder / "imports"
    imports.mkdir(exist_ok=True)
    port = port_of_this_process()
    own = {
        "STORE": store or str(folder / "history.duckdb"),
        "ZONE": ZONE,
        "PERSON": PERSON,
        "IMPORT_FOLDER": str(imports),
    } | settings
    environment = {name: value for name, value in os.environ.items() if not name.startswith((PREFIX, "STREAMLIT_"))}
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "streamlit",
            "run",
            f"--server.port={port}",
            "--server.address=127.0.0.1",
            *program,
        ],
        cwd=ROOT,
        env=environment | {"HOME": str(folder)} | {PREFIX + name: value for name, value in own.items()},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )
    app = App(f"http://127.0.0.1:{port}", folder, process)
    reader = threading.Thread(target=_read, args=(app,))
    reader.start()
    try:
        assert _answers(app), f"the app did not start:\n{app.output}"
        yield app
    finally:
        process.terminate()
        process.wait(STOP_S)
        reader.join()
        process.stdout.close()  # type: ignore[union-attr]  # it is a pipe


def port_of_this_process(step: int = 1) -> int:
    """A free port that no other process of this run of the tests takes; `step` -1 begins at the last one.

    The app's is the first of a row, so that a browser that has been at an earlier app there has the program of the page
    still.
    """
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    first = FIRST_PORT + worker * PORTS_A_WORKER
    return next(port for port in range(first, first + PORTS_A_WORKER)[::step] if _is_free(port))


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        # As servers do: connections that have just ended do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _answers(app: App) -> bool:
    """Whether the app answers within the time that it may take to start."""
    latest = time.monotonic() + START_S
    while time.monotonic() < latest and app.process.poll() is None:
        try:
            with urlopen(f"{app.url}/_stcore/health", timeout=5):
                return True
        except OSError:
            time.sleep(0.1)
    return False


def _read(app: App) -> None:
    for line in app.process.stdout or ():
        app.lines.append(line)
