"""Security: what every answer and every session keeps to, whatever the page.

Room for: headers, cookie settings, request forgery, the idle limit, where a redirect may lead.
May not enter: who a person is (`sign_in.py`), what a person may do (the engine).
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from flask import Flask, Response, request, session
from flask_wtf import CSRFProtect

IDLE = timedelta(minutes=30)
LARGEST_UPLOAD = 20 * 1024 * 1024
LAST = "last"

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not no-referrer: under HTTPS the check against forged requests reads our own.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def init_app(app: Flask, secret_key: str | None, secure_cookies: bool) -> None:
    """Set cookies, limits and headers; without *secret_key* sessions end with this process."""
    app.config.update(
        SECRET_KEY=secret_key or secrets.token_hex(32),
        SESSION_COOKIE_NAME="anxu",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=secure_cookies,
        PERMANENT_SESSION_LIFETIME=IDLE,
        # A form stays good as long as the session does: who reads a long file must not lose what they type.
        WTF_CSRF_TIME_LIMIT=None,
        MAX_CONTENT_LENGTH=LARGEST_UPLOAD + 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
    )
    CSRFProtect(app)
    app.after_request(_with_headers)


def _with_headers(answer: Response) -> Response:
    for name, value in HEADERS.items():
        answer.headers.setdefault(name, value)
    if request.endpoint != "static":
        answer.headers.setdefault("Cache-Control", "no-store")
    return answer


def local_path(wanted: str | None, otherwise: str = "/") -> str:
    """Return *wanted* when it is a path of this console, else *otherwise*."""
    if not wanted or not wanted.startswith("/") or wanted.startswith(("//", "/\\")):
        return otherwise
    parts = urlsplit(wanted)
    if parts.scheme or parts.netloc or any(ord(c) < 32 or c == "\\" for c in wanted):
        return otherwise
    return wanted


def idle_too_long(now: datetime) -> bool:
    """Return whether this session's last request is too long ago; notes the present one otherwise."""
    last = session.get(LAST)
    if last is not None and now - datetime.fromisoformat(last) > IDLE:
        return True
    session[LAST] = now.isoformat()
    return False
