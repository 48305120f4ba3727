"""The as-of engine judged at size: random questions to a large municipality, a second oracle, both backends."""
