"""Driftsammandrag: net cost of each unit or verksamhet against its budget, the forecast and the year before.

Reader: the controller of a nämnd and its politicians, monthly.    Rule: LKBR 3:2, RKR R14.
"""

from ledger.reporting.projection import (
    LEVELS,
    Budget,
    Prognos,
    Report,
    Table,
    Utfall,
    amount,
    deviation,
    uppstallningar,
)

UTFALL = Utfall()
BUDGET = Budget(through="tom")
BUDGET_HELAR = Budget()
PROGNOS = Prognos()

#: Printed in every form, when a forecast is asked to be compared with.
JAMFORD = "avvikelse_jfr_prognos"

REPORT = Report(
    name="driftsammandrag",
    rubrik="Driftsammandrag",
    beskrivning="Nettokostnad per enhet eller verksamhet mot budget, prognos och året före.",
    table=Table(of="drift", per=("stab", *LEVELS, "verksamhet", "konto", "projekt")),
    version=2,
    columns=(
        amount("utfall", "Bokslut {ar}|Utfall {manader} {ar}", UTFALL, printed="alltid"),
        amount("budget", "Budget {ar}|Budget {manader} {ar}", BUDGET, printed="alltid"),
        deviation("avvikelse", "Avvikelse", BUDGET - UTFALL, printed="alltid"),
        amount("utfall_fg", "Utfall {ar}|Utfall {manader} {ar}", Utfall(), year=-1, printed="delar"),
        amount("forandring", "Förändring", UTFALL - Utfall(year=-1)),
        amount("bokslut_fg", "Bokslut {ar}", Utfall(through="year"), year=-1, printed="helar"),
        amount("budget_helar", "Budget helår {ar}", BUDGET_HELAR, printed="delar_prognos"),
        amount("prognos", "Prognos {ar}", PROGNOS, printed="delar_prognos"),
        deviation("avvikelse_prognos", "Avvikelse prognos", BUDGET_HELAR - PROGNOS, printed="delar_prognos"),
        amount("ursprunglig_budget", "Ursprunglig budget {ar}", Budget(only="ursprunglig")),
        amount("andringar", "Ändringar under året", Budget(only="andring")),
        deviation(
            JAMFORD,
            "Avvikelse jämfört med prognos {jamfor}",
            (BUDGET - UTFALL) - (BUDGET_HELAR.dated("jamfor_prognos") - PROGNOS.dated("jamfor_prognos")),
            needs="jamfor_prognos",
            printed="alltid",
        ),
    ),
    filters=(
        uppstallningar(
            helar=("utfall", "budget", "avvikelse", "bokslut_fg", JAMFORD),
            period=("utfall", "budget", "avvikelse", "utfall_fg", JAMFORD),
            forandring=("utfall", "utfall_fg", "forandring", "avvikelse", JAMFORD),
            prognos=("prognos", "budget_helar", "avvikelse_prognos", "bokslut_fg", JAMFORD),
        ),
    ),
)
