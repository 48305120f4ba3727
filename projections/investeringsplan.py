"""Investeringsplan: the frames of the year and of every year that is planned for, by project, with income apart.

Reader: fullmäktige and the nämnd when they decide the budget.    Rule: KL 11:6 (a plan of three years).
"""

from ledger.reporting.projection import LEVELS, Budget, Report, Table, Utfall, amount, plan_years

RAM = Budget("investering")

REPORT = Report(
    name="investeringsplan",
    rubrik="Investeringsplan",
    beskrivning="Vilka investeringar är beslutade för året och planerade för åren efter?",
    table=Table(of="investering", per=("projekt", *LEVELS, "bokforande", "verksamhet", "konto"), by_status=False),
    enhet="tkr",
    columns=(
        amount("bokslut_{ar}", "Bokslut {ar}", Utfall("investering", through="year"), year=-2),
        amount("budget_{ar}", "Budget {ar}", RAM, year=-1, printed="alltid"),
        amount("budget", "Budget {ar}", RAM, printed="alltid"),
        plan_years("plan_{ar}", "Plan {ar}", RAM, printed="alltid"),
        amount("ursprunglig_budget", "Ursprunglig budget {ar}", Budget("investering", only="ursprunglig")),
        amount("andringar", "Ändringar under året", Budget("investering", only="andring")),
    ),
)
