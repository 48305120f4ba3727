"""The HTTP edge: an API for programs and pages for people, both over the same ledger and the same answers."""
