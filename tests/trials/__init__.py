"""Trials: faults and long runs, each with the figure it has to hold; a short form of each stands in the suite."""
