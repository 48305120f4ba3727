"""Rates and latencies of the ledger, each against a floor measured in the same run."""
