"""Prognosuppföljning: the rounds of forecasts beside each other and beside the outcome, and how right each of them was.

Reader: the economy director and the controllers, when the year is closed and at each round.    Rule: LKBR 13:1–2.
"""

from ledger.reporting.projection import (
    EACH_ROUND,
    LEVELS,
    ROUND_BEFORE,
    Budget,
    Prognos,
    Report,
    Table,
    Utfall,
    amount,
    deviation,
    forecast_rounds,
    round_percent,
)

UTFALL = Utfall()
BUDGET = Budget(through="tom")
THEN = Prognos().dated(EACH_ROUND)

REPORT = Report(
    name="prognosuppfoljning",
    rubrik="Prognosuppföljning",
    beskrivning="Prognoserna bredvid varandra och mot utfallet.",
    table=Table(of="drift", per=("stab", *LEVELS), investments_at_foot=True),
    columns=(
        amount("budget_helar", "Budget helår {ar}", Budget(), printed="alltid"),
        forecast_rounds("prognos_{omgang}", "Prognos {omgang}", THEN, printed="alltid"),
        amount("utfall", "Bokslut {ar}|Utfall {manader} {ar}", UTFALL, printed="alltid"),
        deviation("avvikelse", "Avvikelse mot budget", BUDGET - UTFALL, printed="helar"),
        forecast_rounds(
            "avvikelse_prognos_{omgang}",
            "Avvikelse mot budget enligt prognos {omgang}",
            Budget().dated(EACH_ROUND) - THEN,
            printed="delar",
            signed="bocker",
        ),
        forecast_rounds(
            "andrad_{omgang}",
            "Ändrad bedömning från {forra} till {omgang}",
            Prognos().dated(ROUND_BEFORE) - THEN,
            printed="alltid",
            signed="bocker",
        ),
        forecast_rounds(
            "utfall_mot_prognos_{omgang}",
            "Utfall mot prognos {omgang}|Återstår enligt prognos {omgang}",
            THEN - UTFALL,
            printed="helar",
            signed="bocker",
        ),
        round_percent(
            "utfall_mot_prognos_procent_{omgang}",
            "Utfall mot prognos {omgang}, procent|Återstår enligt prognos {omgang}, procent",
            THEN - UTFALL,
            THEN,
            printed="helar",
        ),
    ),
    notes=(
        "Utfall mot prognos = prognos − utfall; plus är gynnsammare än prognosen.",
        "Ändrad bedömning = förra prognosen − denna; plus är en gynnsammare prognos.",
    ),
)
