"""Language: YAML text to definitions, or to problems with file, line and column."""
