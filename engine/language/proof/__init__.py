"""The proofs: what must never be of procedures, shown on their definitions before any case runs on them."""
