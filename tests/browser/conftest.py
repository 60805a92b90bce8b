"""A console served on loopback and a headless Chromium that looks at it."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from werkzeug.serving import make_server

from engine.api import Engine
from engine.store.database import Database
from tests.builders import INSTITUTION, Clock
from tests.templates import COMPILED
from web import create_app

FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


@dataclass(frozen=True)
class Served:
    """A console that answers at *address*; its office's time is *clock*."""

    address: str
    engine: Engine
    clock: Clock
    app: Flask

    def seat(self, context: BrowserContext, person: str) -> None:
        """Let *person*, and nobody who sat there before, be signed in at the browser, their password typed elsewhere."""
        client = self.app.test_client()
        with client.session_transaction() as session:
            session.update(_user_id=person, _fresh=True, password=self.engine.sign_in_mark(person))
        cookie = client.get_cookie(self.app.config["SESSION_COOKIE_NAME"])
        assert cookie
        context.clear_cookies()
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.address}])


@pytest.fixture
def served(sqlite_office: Path, tmp_path: Path) -> Iterator[Served]:
    """An office without cases, its console served by threads of this process."""
    shutil.copy(sqlite_office, tmp_path / "office.db")
    database = Database(f"sqlite:///{tmp_path}/office.db")
    clock = Clock()
    engine = Engine(database, INSTITUTION, clock)
    app = create_app(engine, secret_key="a key of the tests")
    app.jinja_env.bytecode_cache = COMPILED
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Served(f"http://127.0.0.1:{server.server_port}", engine, clock, app)
    server.shutdown()
    thread.join()
    server.server_close()
    database.close()


@pytest.fixture(scope="session")
def browser(chromium_path: str) -> Iterator[Browser]:
    """The browser of this test process."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path, args=list(FLAGS))
        yield chromium
        chromium.close()
