"""Web: the console; ``create_app`` is the entry point that `anxu serve` looks for."""

from web.application import create_app

__all__ = ["create_app"]
