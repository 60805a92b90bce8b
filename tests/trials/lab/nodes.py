"""Nodes of Anxu on machines of their own, and the people at their consoles."""

from __future__ import annotations

import http.client
import itertools
import re
import sys
import threading
import time
import urllib.parse
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from tests.trials.lab.network import Machine
from tests.trials.waiting import until

ROOT = Path(__file__).parents[3]
PORT = 8765
ANXU = (sys.executable, "-c", "from engine.run.command_line import main; main()")
PATIENCE = 8.0
"""Seconds a person's browser waits before they try again."""


class Place(Protocol):
    """Where a console answers."""

    @property
    def address(self) -> str: ...
    @property
    def port(self) -> int: ...


@dataclass
class Console:
    """One machine with a console and a scheduler."""

    machine: Machine
    env: dict[str, str]

    port: int = PORT

    @property
    def address(self) -> str:
        return self.machine.address

    def start(self, at: str) -> None:
        """Start it as the unit does, at the time *at* of the rehearsal office, and wait until it is ready."""
        words = ["serve", "--host", self.address, "--port", str(PORT), "--every", "2", "--threads", "6"]
        self.machine.start(
            "anxu",
            [*ANXU, *words],
            env={**self.env, "ANXU_NOW": at.replace(" ", "T"), "PYTHONPATH": str(ROOT)},
        )
        until(self._ready_or_dead, 90, f"{self.machine.name} ready")

    def _ready_or_dead(self) -> bool:
        assert self.machine.processes["anxu"].poll() is None, self.machine.log("anxu")[-2000:]
        return self.ready()

    def ready(self) -> bool:
        """What `/readyz` says."""
        return self.asked("/readyz") == 200

    def asked(self, path: str) -> int:
        """The status of an address, 0 where nobody answers."""
        connection = http.client.HTTPConnection(self.address, PORT, timeout=PATIENCE)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()


@dataclass
class Sent:
    """One form: its request key and the moments it was sent first and answered."""

    key: str
    sent: float
    told: float | None = None


@dataclass(eq=False)
class Person(threading.Thread):
    """Somebody who sets targets all day: one form after another, each sent again until it is answered."""

    name_: str
    password: str
    consoles: Sequence[Place]
    cases: list[str]
    tag: str
    forms: list[Sent] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    odd: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)
        self.enough = threading.Event()
        self.which = 0
        self.cookie = self.token = ""
        self.connection: http.client.HTTPConnection | None = None

    def sign_in(self) -> None:
        """Prove who one is; the session holds at every console."""
        page = self._send("GET", "/sign-in")[2]
        fields = {
            "person": self.name_,
            "password": self.password,
            "csrf_token": _token(page),
            "next": "/help",
        }
        status, _, _ = self._send("POST", "/sign-in", fields)
        assert status == 303, status
        self.token = _token(self._send("GET", f"/cases/{self.cases[0]}")[2])

    def run(self) -> None:
        """Act until it is enough."""
        number = 0
        while not self.enough.is_set():
            number += 1
            form = Sent(f"{self.tag}-{number}", time.monotonic())
            self.forms.append(form)
            case = self.cases[number % len(self.cases)]
            while form.told is None and not self.enough.is_set():
                if self._act(case, form.key):
                    form.told = time.monotonic()
                else:
                    self.enough.wait(0.1)
            self.enough.wait(0.02)
        self._somewhere_else()

    def _act(self, case: str, key: str) -> bool:
        fields = {
            "csrf_token": self.token, "move": "set_target", "matter": "1", "key": key,
            "fact.set_target.target_days": "20", "fact.set_target.reason": key,
        }  # fmt: skip
        try:
            status, location, page = self._send("POST", f"/cases/{case}/acts", fields)
        except (OSError, http.client.HTTPException):
            status, location, page = 0, "", ""
        self.statuses[status] = self.statuses.get(status, 0) + 1
        if status == 303 and "sign-in" not in location:
            return True
        if status not in (0, 503):
            self.odd.append(f"{status} {location} {re.sub('<[^>]+>', ' ', page)[:2000]}")
        if status != 409:
            self._somewhere_else()
        return False

    def _somewhere_else(self) -> None:
        if self.connection is not None:
            self.connection.close()
        self.connection = None
        self.which += 1

    def _send(self, method: str, path: str, fields: dict[str, str] | None = None) -> tuple[int, str, str]:
        console = self.consoles[self.which % len(self.consoles)]
        if self.connection is None:
            self.connection = http.client.HTTPConnection(console.address, console.port, timeout=PATIENCE)
        headers = {"Cookie": self.cookie} if self.cookie else {}
        body = None
        if fields is not None:
            body = urllib.parse.urlencode(fields)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        page = answer.read().decode("utf-8", "replace")
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie" and value.startswith("anxu="):
                self.cookie = value.partition(";")[0]
        return answer.status, answer.getheader("Location") or "", page

    def longest_gap(self, since: float, until: float) -> float:
        """The longest time without an answer between two moments."""
        told = [form.told for form in self.forms if form.told is not None and since <= form.told <= until]
        moments = [since, *told, until]
        return max(b - a for a, b in itertools.pairwise(moments))


def _token(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found, page[:500]
    return found[1]
