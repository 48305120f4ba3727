"""Detaljbudget: the budget of each post under a unit, posts under headings, with cost and income.

Reader: the head of a stab and whoever answers for a post.
"""

from ledger.reporting.projection import LEVELS, Budget, Report, Table, Utfall, amount, plan_years

REPORT = Report(
    name="detaljbudget",
    rubrik="Detaljbudget",
    version=2,
    beskrivning="Vad har varje post i budget i år och förra året, och hur mycket är kostnader och intäkter?",
    table=Table(of="drift", per=("post", *LEVELS, "verksamhet", "konto", "projekt")),
    enhet="tkr",
    columns=(
        amount("bokslut_{ar}", "Bokslut {ar}", Utfall(through="year"), year=-2),
        amount("budget_{ar}", "Budget {ar}", Budget(), year=-1, printed="alltid"),
        amount("budget", "Budget {ar}|Budget {manader} {ar}", Budget(through="tom"), printed="alltid"),
        plan_years("plan_{ar}", "Plan {ar}", Budget()),
        amount("budget_helar", "Budget helår {ar}", Budget(), printed="delar"),
        amount("ursprunglig_budget", "Ursprunglig budget {ar}", Budget(only="ursprunglig")),
        amount("andringar", "Ändringar under året", Budget(only="andring")),
    ),
)
