"""Benchmarks: our own work timed beside the least anybody could do for the same answer, in the same run."""
