"""The files that the deployment page gives people to copy: they are read by what they are for, so they cannot rot."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from engine.run.channels.secrets import FOLDER
from engine.run.command_line import anxu
from engine.run.settings import known_url
from engine.store.database import Database
from engine.store.reaching import ONE_CALL, postgresql_arguments
from tests.builders import Clock
from tests.run.terminal import Terminal
from tests.run.test_monitoring import Node

DEPLOYMENT = Path(__file__).parents[2] / "engine" / "run" / "deployment"
UNITS = sorted(DEPLOYMENT.glob("*.service"))
LASTING = [unit for unit in UNITS if "Type=oneshot" not in unit.read_text(encoding="utf-8")]
PAGE = DEPLOYMENT.parent / "README.md"


def lines(unit: Path, name: str) -> list[str]:
    return re.findall(rf"^{name}=(.*)$", unit.read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("unit", LASTING, ids=lambda path: path.stem)
def test_a_unit_starts_a_command_that_there_is_and_always_again(unit: Path) -> None:
    (command,) = lines(unit, "ExecStart")
    program, verb, *words = shlex.split(command)
    assert program.endswith("/anxu")
    help_text = CliRunner().invoke(anxu, [verb, "--help"]).output
    assert [word for word in words if word.startswith("--") and word not in help_text] == []
    assert lines(unit, "Restart") == ["always"]
    assert int(lines(unit, "TimeoutStopSec")[0]) > 20, "shorter than what is under way may take"
    assert lines(unit, "NoNewPrivileges") == ["yes"]


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.stem)
def test_systemd_reads_the_unit(unit: Path, tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not here")
    # The program and the account of the page are not on this machine.
    text = (
        unit.read_text(encoding="utf-8")
        .replace("/opt/anxu/bin/anxu", "/bin/true")
        .replace("User=anxu", "User=root")
    )
    copy = tmp_path / unit.name
    copy.write_text(text.replace("Group=anxu", "Group=root"), encoding="utf-8")
    said = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(copy)], capture_output=True, text=True, check=False
    )
    mine = [line for line in said.stderr.splitlines() if unit.name in line]
    assert mine == [], mine


def test_nginx_reads_the_file(tmp_path: Path) -> None:
    nginx = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
    openssl = shutil.which("openssl")
    if nginx is None or openssl is None:
        pytest.skip("nginx or openssl is not here")
    key, certificate = tmp_path / "key.pem", tmp_path / "fullchain.pem"
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", str(key), "-out", str(certificate), "-days", "1", "-subj", "/CN=anxu.example"],
        check=True, capture_output=True,
    )  # fmt: skip
    text = (DEPLOYMENT / "nginx.conf").read_text(encoding="utf-8").replace("/etc/ssl/anxu", str(tmp_path))
    whole = tmp_path / "nginx.conf"
    whole.write_text(
        f"pid {tmp_path}/pid;\nerror_log {tmp_path}/log;\nevents {{}}\nhttp {{ access_log off;\n{text}\n}}\n"
    )
    said = subprocess.run([nginx, "-t", "-q", "-c", str(whole)], capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr


def test_nginx_lets_through_what_the_console_takes() -> None:
    text = (DEPLOYMENT / "nginx.conf").read_text(encoding="utf-8")
    assert int(re.findall(r"client_max_body_size (\d+)m", text)[0]) > 20
    assert "X-Forwarded-For $remote_addr" in text
    assert re.search(r"location = /metrics \{ deny all; \}", text)


def test_patroni_keeps_what_was_learnt() -> None:
    settings = yaml.safe_load((DEPLOYMENT / "patroni.yml").read_text(encoding="utf-8"))
    shared = settings["bootstrap"]["dcs"]
    assert shared["synchronous_mode"] is True
    assert shared["loop_wait"] + 2 * shared["retry_timeout"] <= shared["ttl"] == 20
    assert shared["postgresql"]["use_pg_rewind"] is False
    assert settings["postgresql"]["remove_data_directory_on_diverged_timelines"] is True
    assert settings["postgresql"]["basebackup"] == {"checkpoint": "fast"}, "a new copy begins at once"
    parameters = shared["postgresql"]["parameters"]
    assert "statement_timeout" not in parameters
    ways_in = [line for line in settings["postgresql"]["pg_hba"] if line.startswith("hostssl")]
    assert ways_in, "nobody comes in without TLS"
    assert parameters["ssl"] == "on"
    assert {"ssl_cert_file", "ssl_key_file"} <= parameters.keys()


def test_the_address_in_the_environment_file_is_one_that_nodes_can_read() -> None:
    text = (DEPLOYMENT / "anxu.env").read_text(encoding="utf-8")
    env = dict(re.findall(r"^([A-Z_]+)=(.*)$", text, re.MULTILINE))
    meant = dict(re.findall(r"^# ([A-Z_]+)=(.*)$", text, re.MULTILINE))
    assert "ANXU_DB" not in env, "an office of one machine has none"
    assert {"ANXU_CHANNEL_MAIL", FOLDER} <= meant.keys()
    arguments = postgresql_arguments(known_url(meant["ANXU_DB"]), ONE_CALL)
    assert arguments["host"] == "10.0.0.11,10.0.0.12,10.0.0.13"
    assert arguments["target_session_attrs"] == "read-write"
    assert arguments["keepalives_idle"] == "3"
    assert {"ANXU_SECRET_KEY", "ANXU_METRICS_TOKEN"} <= env.keys()


def test_the_backup_of_the_night_is_a_new_file_that_was_read_through(
    office: Terminal, tmp_path: Path
) -> None:
    (command,) = lines(DEPLOYMENT / "anxu-backup.service", "ExecStart")
    shell, flags, script = shlex.split(command.replace("$$", "$").replace("%%", "%"))
    said = tmp_path / "said"
    program = f"{Path(sys.executable).with_name('anxu')} 2>>{said}"
    typed = script.replace("/var/backups/anxu", str(tmp_path)).replace("/opt/anxu/bin/anxu", program)

    done = subprocess.run([shell, flags, typed], cwd=office.folder, capture_output=True, check=False)

    assert done.returncode == 0, said.read_text(encoding="utf-8")
    (file,) = tmp_path.glob("anxu-*.zip")
    assert re.fullmatch(r"anxu-\d{4}-\d\d-\d\dT\d{6}\.zip", file.name)
    output = done.stdout.decode()
    assert "已备份到" in output
    assert "已检查" in output
    timer = DEPLOYMENT / "anxu-backup.timer"
    assert lines(timer, "OnCalendar") == ["*-*-* 02:30:00"]
    assert lines(timer, "Persistent") == ["true"]


def test_the_page_types_commands_that_there_are() -> None:
    page = PAGE.read_text(encoding="utf-8")
    typed = re.findall(r"/opt/anxu/bin/anxu ([a-z].*)", page)
    assert len(typed) > 2
    for line in typed:
        words = [word for word in shlex.split(line.partition("#")[0]) if word != "&&"]
        path = [word for word in words[:2] if re.fullmatch(r"[a-z]+", word) and word != "admin"]
        help_text = CliRunner().invoke(anxu, [*path, "--help"]).output
        assert [word for word in words if word.startswith("--") and word not in help_text] == [], line


def test_the_page_names_every_file_that_lies_beside_it() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert [path.name for path in DEPLOYMENT.iterdir() if path.name not in page] == []


def test_every_figure_of_the_alerts_and_of_the_page_is_one_that_nodes_have(
    database: Database, clock: Clock
) -> None:
    node = Node(database, clock)
    node.metrics.failed("act", KeyError())
    node.metrics.act_seconds.labels("act").observe(0.1)
    node.metrics.refusals.labels("stale").inc()
    node.metrics.sweeps.labels("done").inc()
    known = set(re.findall(r"^# TYPE (\w+)", node.ask("/metrics")[1], re.MULTILINE))
    # Before the first checkpoint there is none to be old.
    known.add("anxu_checkpoint_age_seconds")
    for file in (PAGE, DEPLOYMENT / "alerts.yml"):
        named = {
            name.removesuffix("_bucket")
            for name in re.findall(r"anxu_[a-z_]+[a-z]", file.read_text(encoding="utf-8"))
        }
        assert named - known == set(), file.name
    rules = yaml.safe_load((DEPLOYMENT / "alerts.yml").read_text(encoding="utf-8"))
    assert all(rule["expr"] and rule["annotations"]["summary"] for rule in rules["groups"][0]["rules"])
