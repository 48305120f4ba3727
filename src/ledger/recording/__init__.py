"""How facts are kept: as canonical JSON in an append-only log that proves itself. The only room that knows the store."""
