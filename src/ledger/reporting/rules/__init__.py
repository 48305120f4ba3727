"""What counts: the organisation asked for, the budget round in force, the newest forecast, outcome, findings."""
