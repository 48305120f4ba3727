"""Särskilda händelser: what rows tagged with an event cost and brought in, by unit, and the events side by side.

Reader: the nämnd and fullmäktige, while an event such as a pandemic lasts.    Rule: LKBR 11:2 (upplysningar).
"""

from ledger.reporting.projection import (
    ANY_EVENT,
    EACH_EVENT,
    LEVELS,
    Report,
    Table,
    Utfall,
    amount,
    deviation,
    each_event,
)

KOSTNADER = Utfall(slag="kostnad", handelse=ANY_EVENT)
INTAKTER = Utfall(slag="intakt", handelse=ANY_EVENT)
NETTO = Utfall(handelse=ANY_EVENT)

REPORT = Report(
    name="sarskilda_handelser",
    rubrik="Särskilda händelser",
    beskrivning="Vad har en särskild händelse, till exempel en pandemi, kostat och gett i intäkter?",
    table=Table(of="drift", per=("stab", *LEVELS, "handelse", "verksamhet", "konto"), only_held=True),
    enhet="tkr",
    columns=(
        amount("kostnader", "Kostnader {ar}|Kostnader {manader} {ar}", KOSTNADER, signed="bocker", printed="alltid"),
        amount("intakter", "Intäkter {ar}|Intäkter {manader} {ar}", -INTAKTER, signed="bocker", printed="alltid"),
        deviation("effekt", "Effekt på resultatet {ar}|Effekt på resultatet {manader} {ar}", -NETTO, printed="alltid"),
        amount("kostnader_fg", "Kostnader {ar}|Kostnader {manader} {ar}", KOSTNADER, year=-1, signed="bocker"),
        amount("intakter_fg", "Intäkter {ar}|Intäkter {manader} {ar}", -INTAKTER, year=-1, signed="bocker"),
        amount("effekt_fg", "Effekt på resultatet {ar}|Effekt {manader} {ar}", -NETTO, year=-1, signed="bocker"),
        each_event("effekt_{handelse}", "Effekt {handelse}", -Utfall(handelse=EACH_EVENT), printed="alltid"),
        each_event("kostnader_{handelse}", "Kostnader {handelse}", Utfall(slag="kostnad", handelse=EACH_EVENT)),
        each_event("intakter_{handelse}", "Intäkter {handelse}", -Utfall(slag="intakt", handelse=EACH_EVENT)),
    ),
    notes=(
        "Bara utfall som är märkt med en händelse räknas; välj en med handelse.",
        "Effekt på resultatet = intäkter − kostnader; plus är gynnsamt.",
    ),
)
