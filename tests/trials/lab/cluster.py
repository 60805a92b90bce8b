"""PostgreSQL on three machines under Patroni and etcd, as the deployment page tells people to set it up."""

from __future__ import annotations

import json
import shutil
import subprocess
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import Any

import psycopg
import yaml

from tests.trials.lab.network import Machine, Network, postgresql_programs
from tests.trials.waiting import until

DEPLOYMENT = Path(__file__).parents[3] / "engine" / "run" / "deployment"
PASSWORD = "lab"
ALIVE = "connect_timeout=2 keepalives_idle=3 keepalives_interval=1 keepalives_count=3 tcp_user_timeout=5000"


@dataclass
class Cluster:
    """Three database machines."""

    machines: list[Machine]
    watched: Event = field(default_factory=Event)

    @classmethod
    def of(cls, network: Network) -> Cluster:
        """Start three machines and wait for a leader with a synchronous standby."""
        cluster = cls([network.machine(f"db{n}", 10 + n) for n in (1, 2, 3)])
        for machine in cluster.machines:
            cluster._prepare(machine)
        for machine in cluster.machines:
            cluster.start_etcd(machine)
        until(cluster._etcd_healthy, 60, "etcd")
        for machine in cluster.machines:
            cluster.start_patroni(machine)
        until(cluster.whole, 180, "a leader and two standbys")
        Thread(target=cluster._restart_always, name="lab-systemd", daemon=True).start()
        return cluster

    def _prepare(self, machine: Machine) -> None:
        programs = postgresql_programs()
        text = (DEPLOYMENT / "patroni.yml").read_text(encoding="utf-8")
        hosts = [one.address for one in self.machines]
        settings: dict[str, Any] = yaml.safe_load(text)
        place = f"{machine.address}:8008"
        settings["name"] = machine.name
        settings["restapi"] = {"listen": place, "connect_address": place}
        settings["etcd3"] = {"hosts": [f"{host}:2379" for host in hosts]}
        mine = settings["postgresql"]
        mine |= {
            "listen": f"{machine.address}:5432", "connect_address": f"{machine.address}:5432",
            "data_dir": str(machine.folder / "data"), "bin_dir": str(programs), "pgpass": str(machine.folder / "pgpass"),
            "pg_hba": ["local all all trust", "host all all 10.97.0.0/24 scram-sha-256",
                       "host replication replicator 10.97.0.0/24 scram-sha-256"],
        }  # fmt: skip
        mine["parameters"] = {"unix_socket_directories": str(machine.folder)}
        for who in mine["authentication"].values():
            who["password"] = PASSWORD
        shared = settings["bootstrap"]["dcs"]["postgresql"]["parameters"]
        shared |= {"shared_buffers": "32MB", "max_connections": 60}
        # The network of the lab is closed, and its machines have no certificates.
        for name in ("ssl", "ssl_cert_file", "ssl_key_file"):
            shared.pop(name)
        (machine.folder / "patroni.yml").write_text(yaml.safe_dump(settings), encoding="utf-8")
        (machine.folder / "etcd").mkdir(mode=0o700)
        for path in (machine.folder, *machine.folder.iterdir()):
            shutil.chown(path, "postgres", "postgres")

    def start_etcd(self, machine: Machine) -> None:
        """Start the keeper of the leader's lock on one machine."""
        here = f"http://{machine.address}"
        machine.start("etcd", [
            "etcd", "--name", machine.name, "--data-dir", str(machine.folder / "etcd"), "--log-level", "error",
            "--listen-peer-urls", f"{here}:2380", "--initial-advertise-peer-urls", f"{here}:2380",
            "--listen-client-urls", f"{here}:2379", "--advertise-client-urls", f"{here}:2379",
            "--initial-cluster", ",".join(f"{one.name}=http://{one.address}:2380" for one in self.machines),
            "--initial-cluster-state", "new", "--pre-vote",
        ], user="postgres")  # fmt: skip

    def start_patroni(self, machine: Machine) -> None:
        """Start the agent that keeps PostgreSQL on one machine."""
        machine.start("patroni", ["patroni", str(machine.folder / "patroni.yml")], user="postgres")

    def _restart_always(self) -> None:
        # What `Restart=always` does of a unit.
        while not self.watched.wait(1.0):
            for machine in self.machines:
                process = machine.processes.get("patroni")
                if process is not None and process.poll() is not None:
                    self.start_patroni(machine)

    @staticmethod
    def agent() -> str:
        """The edition of Patroni that is here; 3.0.2 and older can give the leader's lock away twice after a cut."""
        return subprocess.run(
            ["patroni", "--version"], capture_output=True, text=True, check=True
        ).stdout.strip()

    def _etcd_healthy(self) -> bool:
        return any(_asked(f"http://{one.address}:2379/health") for one in self.machines)

    def members(self) -> list[dict[str, Any]]:
        """What the machine with the lock says of the cluster: one that was cut off tells for a while what was so before."""
        leader = self.leader()
        answer = _asked(f"http://{leader.address}:8008/cluster") if leader else None
        found: list[dict[str, Any]] = json.loads(answer)["members"] if answer else []
        return found

    def leader(self) -> Machine | None:
        """The machine whose agent holds the lock."""
        return next((one for one in self.machines if _asked(f"http://{one.address}:8008/primary")), None)

    def whole(self) -> bool:
        """Whether all three are there, the standbys streaming and one of them synchronous."""
        members = self.members()
        return (
            len(members) == 3
            and all(one["state"] in ("running", "streaming") for one in members)
            and any(one["role"] == "sync_standby" for one in members)
            and len({one.get("timeline") for one in members}) == 1
        )  # fmt: skip

    def switch_over(self, leader: Machine) -> None:
        """Ask for the leader to be changed, as for maintenance."""
        to = next(one["name"] for one in self.members() if one["role"] == "sync_standby")
        body = json.dumps({"leader": leader.name, "candidate": to}).encode()
        request = urllib.request.Request(f"http://{leader.address}:8008/switchover", data=body, method="POST")
        with urllib.request.urlopen(request, timeout=60):
            pass

    def kill_postgresql(self, machine: Machine) -> None:
        """The server's first process dies without a word."""
        pid = (machine.folder / "data" / "postmaster.pid").read_text().split()[0]
        subprocess.run(["ip", "netns", "exec", machine.name, "kill", "-9", pid], check=True)

    def power_on(self, machine: Machine) -> None:
        """Start a machine that was switched off."""
        machine.connect()
        self.start_etcd(machine)
        self.start_patroni(machine)

    def url(self, database: str, user: str = "postgres") -> str:
        """The address of a database, all hosts in it."""
        hosts = ",".join(f"{one.address}:5432" for one in self.machines)
        return f"postgresql://{user}:{PASSWORD}@{hosts}/{database}?target_session_attrs=read-write"

    def make_database(self, name: str) -> None:
        """Make an empty database."""
        with psycopg.connect(f"{self.url('postgres')}&{ALIVE.replace(' ', '&')}", autocommit=True) as admin:
            admin.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(name)))

    def close(self) -> None:
        """Start nothing anew from now on."""
        self.watched.set()


def _asked(address: str) -> bytes | None:
    try:
        with urllib.request.urlopen(address, timeout=1) as answer:
            found: bytes = answer.read()
            return found or b"ok"
    except OSError:
        return None
