"""How reports run: entries of facts are stored once, and questions are answered at any point in time."""
