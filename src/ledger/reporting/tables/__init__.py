"""Rows and columns: which row an amount lies on, what every cell is, and the footnotes."""
