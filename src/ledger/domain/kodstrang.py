"""The kodsträng: the codes that say whose money it is, on what, for what.

ansvar (who answers for it), konto (what kind), verksamhet (what for), aktivitet, projekt, objekt, motpart, fri.
Rule: LKBR 3:2 – budget and outcome carry the same codes, so that they can be compared.
"""

from __future__ import annotations

from typing import Final

#: slag of the running budget (drift) and of investments, with the sign of one unit of magnitude in the books.
DRIFT: Final = ("netto", "kostnad", "intakt")
INVESTERING: Final = ("utgift", "inkomst")
SLAG: Final = DRIFT + INVESTERING

#: +1 where more means more cost in the books, −1 where more means more income.
BOOKS_SIGN: Final = {"netto": 1, "kostnad": 1, "intakt": -1, "utgift": 1, "inkomst": -1}

NIVAER: Final = ("kommun", "namnd", "forvaltning", "stab", "avdelning", "enhet", "post")
TECKENREGLER: Final = ("nettokostnad", "resultat")
KONTOSLAG: Final = ("kostnad", "intakt", "balans")
PROJEKTSTATUS: Final = ("beslutat", "pagaende", "fardigstallt", "avbrutet")

#: How far a kostnadsreducerande åtgärd has come: planned, done, or struck (it will not be).
ATGARDSSTATUS: Final = ("planerad", "genomford", "struken")

#: The nine kinds of budget decision, in the order in which decisions of one day are judged and recorded.
BESLUTSTYPER: Final = (
    "budget",
    "investeringsram",
    "totalutgift",
    "ramjustering",
    "internbudget",
    "omfordelning",
    "ombudgetering",
    "detaljbudget",
    "periodisering",
)

#: Kinds that make up the original budget; the others change it (RKR R14).
URSPRUNGLIGA: Final = frozenset({"budget", "internbudget", "detaljbudget", "periodisering", "investeringsram"})
ANDRANDE: Final = frozenset({"ramjustering", "omfordelning", "ombudgetering"})
