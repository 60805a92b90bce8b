"""Core: what a command would do to a case; pure."""
