"""Ombudgetering: frames that a year did not use up – what is asked to be carried over, what is decided, what remains.

Reader: the controller who prepares the decision in February and March, and fullmäktige.    Rule: KL 11:6, RKR R14.
"""

from ledger.reporting.projection import LEVELS, Budget, Report, Table, Utfall, amount, deviation

RAM = Budget("investering")
UTFALL = Utfall("investering")
BEGARD = Budget("investering", only="begard", blank_when_none=True)
OVERFORD = Budget("investering", only="overford")
MOTTAGEN = Budget("investering", only="mottagen")

REPORT = Report(
    name="ombudgetering",
    rubrik="Ombudgetering av investeringar",
    beskrivning="Vilka ramar från året begärs och beslutas över till senare år, och vad är kvar?",
    table=Table(of="investering", per=("projekt", *LEVELS, "bokforande"), by_status=False, only_held=True),
    enhet="tkr",
    columns=(
        amount("mottaget", "Ombudgeterat till {ar}", MOTTAGEN, printed="alltid"),
        amount("ram", "Ram {ar} före ombudgetering härifrån", RAM - OVERFORD, printed="alltid"),
        amount("utfall", "Utfall {ar}|Utfall {manader} {ar}", UTFALL, printed="alltid"),
        deviation("ej_forbrukat", "Inte förbrukat {ar}", (RAM - OVERFORD) - UTFALL, printed="alltid"),
        amount("begart", "Begärt till senare år", -BEGARD, signed="bocker", printed="alltid"),
        amount("beslutat", "Beslutat till senare år", -OVERFORD, signed="bocker", printed="alltid"),
        deviation("kvar", "Kvar av ramen {ar}", RAM - UTFALL, printed="alltid"),
    ),
    notes=(
        "Begärt är förslag om ombudgetering, också beslutade och avslagna; – där inget förslag är registrerat.",
        "Kvar av ramen = ram efter ombudgetering − utfall.",
    ),
)
