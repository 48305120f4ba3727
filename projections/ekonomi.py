"""Ekonomi i sammandrag: the year's net cost and investments in one table, with forecast and plan years.

Reader: fullmäktige and the nämnd, in budget, delårsrapport and verksamhetsberättelse.    Rule: KL 11:6, LKBR 13:1.
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
    plan_years,
    uppstallningar,
)

UTFALL = Utfall()
BUDGET = Budget(through="tom")
BUDGET_HELAR = Budget()
PROGNOS = Prognos()

REPORT = Report(
    name="ekonomi",
    rubrik="Ekonomi",
    beskrivning="Årets nettokostnad och investeringar i en tabell, med prognos och planår.",
    table=Table(of="drift", per=("stab", *LEVELS), only_sums=True, investments_at_foot=True),
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
        plan_years("plan_{ar}", "Plan {ar}", Budget(), printed="helar"),
        deviation(
            "avvikelse_jfr_prognos",
            "Avvikelse jämfört med prognos {jamfor}",
            (BUDGET - UTFALL) - (BUDGET_HELAR.dated("jamfor_prognos") - PROGNOS.dated("jamfor_prognos")),
            needs="jamfor_prognos",
            printed="alltid",
        ),
    ),
    filters=(
        uppstallningar(
            bokslut=("utfall", "budget", "avvikelse", "bokslut_fg", "avvikelse_jfr_prognos"),
            plan=("budget_helar", "plan_*"),
            prognos=("prognos", "budget_helar", "avvikelse_prognos"),
        ),
    ),
)
