"""The rules of the budget ledger: facts, deciders and refusals. Standard library only."""
