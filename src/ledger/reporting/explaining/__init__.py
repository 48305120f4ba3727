"""Why a figure is what it is: the facts behind a cell, and those behind a difference."""
