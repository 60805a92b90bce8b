"""Store: where cases, definitions, people and calendars are kept; SQLite and PostgreSQL."""
