"""Machines that are network namespaces on one bridge: cut off, switched off, and gone at the end."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.trials.waiting import pause

NEEDED = ("ip", "setpriv", "etcd", "patroni")
PACKAGES = "patroni etcd-server postgresql iproute2 util-linux"
PREFIX = "10.97.0"


def missing() -> str | None:
    """Why no data centre can be made here, or None."""
    lacking = [name for name in NEEDED if shutil.which(name) is None]
    if lacking or postgresql_programs() is None:
        return f"needs Debian's packages {PACKAGES}; {', '.join(lacking) or 'postgres'} is not here"
    if os.geteuid() != 0:
        return "needs root for network namespaces"
    made = subprocess.run(["ip", "netns", "add", "anxu-try"], capture_output=True, text=True, check=False)
    if made.returncode:
        return f"no network namespaces here: {made.stderr.strip()}"
    subprocess.run(["ip", "netns", "del", "anxu-try"], check=True)
    return None


def postgresql_programs() -> Path | None:
    """The folder with the programs of the newest PostgreSQL of this machine."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


def _ip(*words: str, check: bool = True) -> str:
    return subprocess.run(["ip", *words], check=check, capture_output=True, text=True).stdout


@dataclass
class Machine:
    """One namespace with one address."""

    name: str
    address: str
    folder: Path
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def line(self) -> str:
        """The end of its cable at the bridge."""
        return f"v{self.name}"[:15]

    def start(
        self,
        name: str,
        words: Sequence[str],
        *,
        user: str | None = None,
        env: Mapping[str, str] | None = None,
    ) -> subprocess.Popen[bytes]:
        """Run a program on this machine; its output goes to a log beside its files."""
        before = ["ip", "netns", "exec", self.name]
        if user:
            before += ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups"]
        with (self.folder / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                [*before, *words], stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd="/",
                start_new_session=True, env={**os.environ, "HOME": str(self.folder), **(env or {})},
            )  # fmt: skip
        self.processes[name] = process
        return process

    def kill(self, name: str) -> None:
        """End one program without warning."""
        process = self.processes.pop(name)
        process.kill()
        process.wait()

    def stop(self, name: str, patience: float = 30) -> int:
        """Tell a program to end, and return how it did."""
        process = self.processes.pop(name)
        process.send_signal(signal.SIGTERM)
        return process.wait(patience)

    def log(self, name: str) -> str:
        """What a program has said."""
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def cut(self) -> None:
        """Pull the cable."""
        _ip("link", "set", self.line, "down")

    def connect(self) -> None:
        """Put the cable back."""
        _ip("link", "set", self.line, "up")

    def power_off(self) -> None:
        """Everything on this machine ends at once, and nobody hears of it."""
        self.cut()
        self.kill_everything()

    def kill_everything(self) -> None:
        """End whatever runs in this namespace: all of it was started from here."""
        for _ in range(20):
            running = _ip("netns", "pids", self.name, check=False).split()
            if not running:
                break
            for pid in running:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(int(pid), signal.SIGKILL)
            pause(0.05)
        for process in self.processes.values():
            process.wait()
        self.processes.clear()


class Network:
    """A bridge and its machines."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bridge = f"anxu{os.getpid() % 100000}"
        self.machines: dict[str, Machine] = {}
        folder.chmod(0o755)
        _ip("link", "add", self.bridge, "type", "bridge")
        _ip("addr", "add", f"{PREFIX}.1/24", "dev", self.bridge)
        _ip("link", "set", self.bridge, "up")

    def machine(self, name: str, number: int) -> Machine:
        """Add a machine."""
        folder = self.folder / name
        folder.mkdir()
        one = Machine(f"ax{os.getpid() % 10000}{name}", f"{PREFIX}.{number}", folder)
        _ip("netns", "add", one.name)
        self.machines[name] = one
        _ip("link", "add", one.line, "type", "veth", "peer", "name", "eth0", "netns", one.name)
        _ip("link", "set", one.line, "master", self.bridge, "up")
        _ip("-n", one.name, "addr", "add", f"{one.address}/24", "dev", "eth0")
        for device in ("eth0", "lo"):
            _ip("-n", one.name, "link", "set", device, "up")
        return one

    def close(self) -> None:
        """End every program of every machine and take the machines away."""
        for machine in self.machines.values():
            machine.kill_everything()
            _ip("link", "del", machine.line, check=False)
            _ip("netns", "del", machine.name, check=False)
        _ip("link", "del", self.bridge, check=False)
