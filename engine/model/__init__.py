"""Model: the frozen nouns of case procedure."""
