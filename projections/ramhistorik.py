"""Ramhistorik: how the frame of each unit came to be, decision by decision, and what still waits for one.

Reader: the controller, the auditor and the nämnd.    Rule: RKR R14 (original budget, changes of it, final budget).
"""

from ledger.reporting.projection import LEVELS, Budget, Report, Table, Utfall, amount, deviation, uppstallningar

UTFALL = Utfall()
BUDGET = Budget(through="tom")

REPORT = Report(
    name="ramhistorik",
    rubrik="Ramhistorik",
    beskrivning="Hur varje ram blev till, beslut för beslut, och vilka beslut som väntar.",
    table=Table(of="drift", per=("stab", *LEVELS, "verksamhet"), specification="beslut"),
    enhet="tkr",
    columns=(
        amount("ursprunglig_budget", "Ursprunglig budget {ar}", Budget(only="ursprunglig"), printed="alltid"),
        amount("andringar", "Anslagsförändringar", Budget(only="andring"), printed="alltid"),
        amount("budget_helar", "Slutlig budget {ar}|Budget {ar} efter ändringar", Budget(), printed="alltid"),
        amount("budget", "Budget {ar}|Budget {manader} {ar}", BUDGET, printed="delar"),
        amount("utfall", "Utfall {ar}|Utfall {manader} {ar}", UTFALL, printed="alltid"),
        deviation("avvikelse", "Avvikelse", BUDGET - UTFALL, printed="alltid"),
        amount("utfall_fg", "Utfall {ar}|Utfall {manader} {ar}", Utfall(), year=-1, printed="delar"),
        amount("bokslut_fg", "Utfall {ar}", Utfall(through="year"), year=-1, printed="helar"),
        amount("forslag", "Beslut ej klart", Budget(only="forslag"), printed="nagot"),
    ),
    filters=(
        uppstallningar(
            r14=("ursprunglig_budget", "andringar", "budget_helar", "utfall", "avvikelse", "bokslut_fg"),
        ),
    ),
)
