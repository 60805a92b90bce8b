"""The deterministic simulator: a seeded office that lives through days of work and of faults, each invariant checked."""
