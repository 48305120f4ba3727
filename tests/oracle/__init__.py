"""The oracle: every report by brute force from the facts, the truth that the engine is judged by.

Plain lists, dicts and loops; nothing is kept between two questions. Written from the contract and
docs/decisions/0003 alone, so that a fault of the engine is not repeated here.
"""

from __future__ import annotations

from tests.oracle.question import Answer, Question, UnanswerableError
from tests.oracle.reports import answer

__all__ = ["Answer", "Question", "UnanswerableError", "answer"]
