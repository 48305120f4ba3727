"""Random commands against the ledger and against a model of plain lists, written from the contract alone."""
