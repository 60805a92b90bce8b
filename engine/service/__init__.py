"""Service: the use cases, each load, decide, save."""
