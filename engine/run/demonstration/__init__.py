"""Demonstration: an office of plainly fictional people with a case in every state, made through the engine's own door."""
