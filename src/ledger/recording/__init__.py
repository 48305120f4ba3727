"""How facts are kept: as canonical JSON in an append-only log that proves itself. Only this room knows the store."""
