"""Report files: one file is one report, found by itself."""
