"""Internbudget: how a nämnd shares out its frame, with plan years and every change of it (specification).

Reader: the nämnd when it decides, its staber afterwards.    Rule: KL 11:6 (plan of three years, budget year first).
"""

from ledger.reporting.projection import LEVELS, Budget, Filter, Report, Table, Utfall, amount, plan_years

REPORT = Report(
    name="internbudget",
    rubrik="Internbudget",
    beskrivning="Hur nämnden fördelar sin ram: budget, planår och varje förändring.",
    table=Table(
        of="drift",
        per=("stab", *LEVELS, "verksamhet", "konto", "projekt"),
        specification="andringar",
        earlier_frame=True,
        split_results=True,
    ),
    enhet="tkr",
    version=2,
    columns=(
        amount("bokslut_{ar}", "Bokslut {ar}", Utfall(through="year"), year=-2, printed="alltid"),
        amount("budget_{ar}", "Budget {ar}", Budget(), year=-1, printed="alltid"),
        amount("budget", "Budget {ar}|Budget {manader} {ar}", Budget(through="tom"), printed="alltid"),
        plan_years("plan_{ar}", "Plan {ar}", Budget(), printed="alltid"),
        amount("budget_helar", "Budget helår {ar}", Budget(), printed="delar"),
        amount("ursprunglig_budget", "Ursprunglig budget {ar}", Budget(only="ursprunglig")),
        amount("andringar", "Ändringar under året", Budget(only="andring")),
    ),
    filters=(Filter("jamfor_ram", "ramen som den var beslutad en dag, till exempel 2021-12-31", is_day=True),),
)
