"""Budgetliggare: a municipality's budget decisions, outcome and forecasts as facts that are only ever added."""
