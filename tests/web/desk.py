"""A desk at the console: a person's browser without a window, that reads forms off pages and sends them back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from io import BytesIO
from typing import Any
from urllib.parse import quote

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

PASSWORD = "correct horse"
UNSEEN = ("script", "style", "head")


@dataclass
class Form:
    """A form of a page: where it is sent, and what its inputs hold."""

    action: str
    id: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    buttons: dict[str, list[str]] = field(default_factory=dict)

    def one(self, name: str) -> str:
        """The only value of this field."""
        (value,) = self.fields[name]
        return value


class Page(HTMLParser):
    """What stands on a page: its words, its forms and its links."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self.words: list[str] = []
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.title = ""
        self._unseen = 0
        self._open: list[str] = []
        self._area: str | None = None
        self._select: str | None = None
        self.feed(html)

    @property
    def text(self) -> str:
        """Every word a reader sees, folded parts and all."""
        return re.sub(r"\s+", " ", " ".join(self.words))

    def form(self, *, move: str | None = None, id: str | None = None, action: str | None = None) -> Form:
        """The form of a move, or the one with this id or address."""
        for form in self.forms:
            if (
                (move and move in form.fields.get("move", []) + form.buttons.get("move", []))
                or (id and form.id == id)
                or (action and form.action.startswith(action))
            ):
                return form
        raise AssertionError(f"no such form on the page: {move or id or action}")

    def offers(self, move: str) -> bool:
        """Whether the page has a form for this move."""
        return any(move in f.fields.get("move", []) + f.buttons.get("move", []) for f in self.forms)

    def link(self, part: str) -> str:
        """The first link whose address has *part* in it."""
        return next(link for link in self.links if part in link)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in UNSEEN:
            self._unseen += 1
        if tag == "a":
            self.links.append(given.get("href", ""))
        if tag == "form":
            self.forms.append(Form(given.get("action", ""), given.get("id", "")))
        self._open.append(tag)
        if self.forms and "name" in given:
            self._input(tag, given)
        if tag == "option" and self._select and "selected" in given:
            self.forms[-1].fields[self._select] = [given.get("value", "")]
        if tag in ("input", "meta", "link", "br"):
            self._open.pop()

    def _input(self, tag: str, given: dict[str, str]) -> None:
        form, name, value = self.forms[-1], given["name"], given.get("value", "")
        if tag == "button":
            form.buttons.setdefault(name, []).append(value)
        elif tag == "textarea":
            self._area = name
            form.fields[name] = [""]
        elif tag == "select":
            self._select = name
            form.fields[name] = [""]
        elif given.get("type") == "file":
            form.files.append(name)
        elif given.get("type") in ("radio", "checkbox"):
            form.fields.setdefault(name, [])
            if "checked" in given:
                form.fields[name].append(value)
        elif tag == "input":
            form.fields[name] = [value]

    def handle_endtag(self, tag: str) -> None:
        if tag in UNSEEN:
            self._unseen -= 1
        if tag == "textarea":
            self._area = None
        if tag == "select":
            self._select = None
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] == "title" and self._unseen == 1:
            self.title += data
        if self._area and self.forms:
            self.forms[-1].fields[self._area][0] += (
                data.removeprefix("\n") if not self.forms[-1].fields[self._area][0] else data
            )
        if not self._unseen:
            self.words.append(data)


class Desk:
    """One person's session with the console."""

    def __init__(self, app: Flask) -> None:
        self.client: FlaskClient = app.test_client()
        self.answer: TestResponse
        self.page = Page("")

    def get(self, address: str) -> Page:
        """Open an address and follow where it leads."""
        return self._seen(self.client.get(address, follow_redirects=True))

    def sign_in(self, person: str, password: str = PASSWORD, next: str = "") -> Page:
        """Prove who one is on the sign-in page."""
        page = self.get("/sign-in" + (f"?next={quote(next)}" if next else ""))
        return self.send(page.form(action="/sign-in"), person=person, password=password)

    def send(
        self, form: Form, typed: Mapping[str, Any] | None = None, *, follow: bool = True,
        files: Mapping[str, tuple[str, bytes]] | None = None, **changes: Any,
    ) -> Page:  # fmt: skip
        """Send *form* as *typed*; in *changes* the dots of a name are written as two underlines.

        Files are (name, content).
        """
        data: dict[str, Any] = {name: list(values) for name, values in form.fields.items()}
        data |= typed or {}
        data |= {name.replace("__", "."): value for name, value in changes.items()}
        for name, (filename, content) in (files or {}).items():
            data[name] = (BytesIO(content), filename)
        return self._seen(self.client.post(form.action, data=data, follow_redirects=follow))

    @property
    def status(self) -> int:
        """How the last request was answered."""
        return self.answer.status_code

    def _seen(self, answer: TestResponse) -> Page:
        self.answer = answer
        text = answer.get_data(as_text=True) if (answer.mimetype or "").startswith("text/") else ""
        self.page = Page(text)
        return self.page
