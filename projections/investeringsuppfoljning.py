"""Investeringsuppföljning: projects completed and ongoing – decided total, outcome so far, the year, the forecast.

Reader: the nämnd and fullmäktige.    Rule: RKR R14 (total and year, completed and ongoing apart).
"""

from ledger.reporting.projection import (
    LEVELS,
    Budget,
    Prognos,
    Report,
    Table,
    Totalprognos,
    Totalutgift,
    Utfall,
    amount,
    deviation,
    plan_years,
    project_year,
    uppstallningar,
)

TOTAL_BUDGET = Totalutgift()
TOTAL_UTFALL = Utfall(of="investering", since_start=True)
TOTAL_PROGNOS = Totalprognos()
RAM = Budget(of="investering")
UTFALL = Utfall(of="investering")
PROGNOS = Prognos(of="investering")

REPORT = Report(
    name="investeringsuppfoljning",
    rubrik="Investeringsuppföljning",
    version=2,
    beskrivning="Hur går projekten: beslutat, utfall och prognos, sedan start och i år?",
    table=Table(of="investering", per=("projekt", *LEVELS, "bokforande", "verksamhet", "konto")),
    columns=(
        amount("total_budget", "Beslutad totalutgift", TOTAL_BUDGET, printed="helar"),
        amount("total_utfall", "Ackumulerat utfall", TOTAL_UTFALL, printed="helar"),
        deviation("total_avvikelse", "Avvikelse totalt", TOTAL_BUDGET - TOTAL_UTFALL, printed="helar"),
        amount("total_prognos", "Beräknad totalutgift", TOTAL_PROGNOS, printed="stora"),
        deviation("prognosavvikelse", "Prognosavvikelse", TOTAL_BUDGET - TOTAL_PROGNOS, printed="stora"),
        project_year("slutar", "Slutår", "slutar", printed="stora"),
        amount("ar_budget", "Budget {ar}", RAM, printed="helar"),
        amount("ar_utfall", "Utfall {ar}|Utfall netto {manader} {ar}", UTFALL, printed="alltid"),
        deviation("ar_avvikelse", "Avvikelse {ar}", RAM - UTFALL, printed="helar"),
        amount("utfall_utgifter", "Utgifter {manader}", Utfall("investering", slag="utgift"), printed="delar"),
        amount(
            "utfall_inkomster",
            "Inkomster {manader}",
            -Utfall("investering", slag="inkomst"),
            signed="bocker",
            printed="delar",
        ),
        amount("prognos_utgifter", "Prognos utgifter", Prognos("investering", slag="utgift"), printed="delar"),
        amount(
            "prognos_inkomster",
            "Prognos inkomster",
            -Prognos("investering", slag="inkomst"),
            signed="bocker",
            printed="delar",
        ),
        amount("prognos_netto", "Prognos netto", PROGNOS, printed="delar"),
        amount("investeringsram", "Investeringsram {ar}", RAM, printed="delar"),
        deviation("avvikelse_prognos", "Avvikelse prognos", RAM - PROGNOS, printed="delar"),
        amount("ursprunglig_budget", "Ursprunglig ram {ar}", Budget("investering", only="ursprunglig")),
        amount("andringar", "Ändringar under året", Budget("investering", only="andring")),
        plan_years("plan_{ar}", "Plan {ar}", Budget(of="investering")),
        deviation(
            "avvikelse_jfr_prognos",
            "Avvikelse jämfört med prognos {jamfor}",
            (RAM - UTFALL) - (RAM.dated("jamfor_prognos") - PROGNOS.dated("jamfor_prognos")),
            needs="jamfor_prognos",
            printed="alltid",
        ),
    ),
    filters=(
        uppstallningar(
            helar=("total_budget", "total_utfall", "total_avvikelse", "ar_budget", "ar_utfall", "ar_avvikelse"),
            period=(
                "utfall_utgifter", "utfall_inkomster", "ar_utfall", "prognos_utgifter", "prognos_inkomster",
                "prognos_netto", "investeringsram", "avvikelse_prognos",
            ),
            stora=("total_budget", "total_utfall", "total_prognos", "prognosavvikelse", "slutar"),
            plan=("ar_budget", "plan_*"),
        ),
    ),
)  # fmt: skip
