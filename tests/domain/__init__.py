"""The rules, told in given facts, a command, and what comes of it."""
