"""One canonical sample of every fact, with codes as in Linköping: what a fact looks like when it is filled in.

A new fact gets its sample here and its frozen line in golden/wire.jsonl (`python -m tests.recording.wire --golden`).
"""

from __future__ import annotations

from datetime import date

from ledger.domain.events import (
    BudgetAdopted,
    DetaljbudgetSet,
    FilImported,
    ForslagMade,
    ForslagRejected,
    InternbudgetAdopted,
    InvesteringsramDecided,
    KommentarWritten,
    KommunNamed,
    KontoDefined,
    OmbudgeteringDecided,
    OmfordelningDecided,
    PeriodClosed,
    PeriodiseringSet,
    PeriodOpened,
    PrognosSubmitted,
    ProgramChanged,
    ProjektChanged,
    RamjusteringDecided,
    RegistreringCorrected,
    TotalutgiftDecided,
    UnitChanged,
    UnitClosed,
    UnitEstablished,
    UnitMerged,
    UtfallCorrected,
    UtfallReported,
    VerifikationCorrected,
    VerifikationPosted,
    VerksamhetDefined,
)
from ledger.domain.events_uppfoljning import AtgardChanged, MattDefined, Matvarde, MatvardenReported
from ledger.domain.fact import Fact
from ledger.domain.rader import Prognosrad, Summarad, Utfallsrad
from ledger.domain.rorelse import Rorelse
from tests.samples_behorighet import BEHORIGHET

KF = "kommunfullmäktige"
SHA = "3f79bb7b435b05321651daefd374cdc681dc06faa65e374e38337b88ca046dea"

RAMSANKNING = RamjusteringDecided(
    beslutsorgan=KF,
    beslutsdatum=date(2024, 4, 23),
    rorelser=(
        Rorelse(
            belopp_ore=1_630_000_000,
            slag="netto",
            ar=2024,
            fran_ansvar="KS",
            finansiering="lägre utdelning",
            text="Sänkt ram för kommunstyrelsen, budget i balans",
        ),
    ),
    paragraf="52",
    diarienummer="KS 2024-118",
    kontrollsumma_ore=-1_630_000_000,
    forslag="KS 2024-118",
)

SAMPLES: tuple[Fact, ...] = (
    KommunNamed(kommun="Linköpings kommun"),
    ProgramChanged(version="0.1.0"),
    FilImported(
        sha256=SHA,
        slag="utfall",
        rader=250_000,
        fakta=62_500,
        filnamn="utfall 2024 från Anna Åkesson.csv",
        fran_rad=1,
        till_rad=250_000,
    ),
    UnitEstablished(
        ansvar="KLF-EKON",
        namn="Ekonomistaben",
        niva="stab",
        fran=date(2022, 1, 1),
        overordnad="KLF",
        teckenregel="nettokostnad",
    ),
    UnitChanged(
        ansvar="KLF-EKON", namn="Ekonomi- och finansstaben", niva="stab", fran=date(2025, 1, 1), overordnad="KLF"
    ),
    UnitClosed(ansvar="KLF-GEM", till=date(2024, 12, 31)),
    UnitMerged(ansvar="KLF-NAR", till=date(2024, 6, 30), ersatt_av="KLF-TILLV"),
    VerksamhetDefined(kod="100", namn="Nämnd- och styrelseverksamhet", fran=date(2022, 1, 1), till=date(2025, 12, 31)),
    KontoDefined(konto="5010", namn="Löner månadsavlönade", slag="kostnad", fran=date(2016, 1, 1)),
    ProjektChanged(
        projekt="P-SIMHALL",
        namn="Ny simhall",
        ansvar="KLF-GEM",
        status="pagaende",
        statusdatum=date(2024, 1, 1),
        grupp="Kommunstyrelsen",
        startar=date(2017, 5, 1),
        slutar=date(2024, 12, 31),
    ),
    BudgetAdopted(
        beslutsorgan=KF,
        beslutsdatum=date(2023, 11, 28),
        rorelser=(
            Rorelse(67_180_000_000, "netto", 2024, till_ansvar="KS", text="Ekonomisk ram 2024 för kommunstyrelsen"),
            Rorelse(68_000_000_000, "netto", 2025, till_ansvar="KS"),
        ),
        diarienummer="KONSTR-KS-1",
    ),
    InvesteringsramDecided(
        beslutsorgan=KF,
        beslutsdatum=date(2023, 11, 28),
        rorelser=(Rorelse(3_000_000_000, "utgift", 2024, till_ansvar="KLF-GEM", projekt="P-SIMHALL"),),
        paragraf="301",
    ),
    TotalutgiftDecided(
        beslutsorgan=KF,
        beslutsdatum=date(2017, 4, 25),
        rorelser=(Rorelse(89_000_000_000, "utgift", 2017, till_ansvar="KLF-GEM", projekt="P-SIMHALL", ersatter=True),),
        paragraf="112",
    ),
    RAMSANKNING,
    InternbudgetAdopted(
        beslutsorgan="kommunstyrelsen",
        beslutsdatum=date(2023, 12, 12),
        rorelser=(
            Rorelse(
                1_229_583_754,
                "netto",
                2024,
                fran_ansvar="KS",
                till_ansvar="KLF-NAMND",
                verksamhet="100",
                till_verksamhet="130",
                text="Internbudget 2024",
            ),
        ),
        diarienummer="KONSTR-KS-2",
    ),
    OmfordelningDecided(
        beslutsorgan="bitr. kommundirektör",
        beslutsdatum=date(2024, 3, 4),
        rorelser=(Rorelse(45_000_000, "netto", 2024, fran_ansvar="KLF-EKON", till_ansvar="KLF-HR"),),
    ),
    OmbudgeteringDecided(
        beslutsorgan="kommunstyrelsen",
        beslutsdatum=date(2024, 2, 13),
        rorelser=(
            Rorelse(
                500_000_000,
                "utgift",
                2023,
                fran_ansvar="KLF-GEM",
                till_ansvar="KLF-GEM",
                projekt="P-SIMHALL",
                till_ar=2024,
            ),
        ),
        paragraf="41",
        diarienummer="KS 2024-61",
    ),
    DetaljbudgetSet(
        beslutsorgan="KS-VSS",
        beslutsdatum=date(2024, 1, 15),
        rorelser=(
            Rorelse(
                1_214_300_000,
                "kostnad",
                2024,
                fran_ansvar="VSS-STAB",
                till_ansvar="VSS-STAB",
                konto="5010",
                text="Detaljbudget 2024",
            ),
        ),
    ),
    PeriodiseringSet(
        beslutsorgan="VSS-STAB",
        beslutsdatum=date(2024, 1, 20),
        rorelser=(Rorelse(120_000, "kostnad", 2024, fran_ansvar="VSS-STAB", till_ansvar="VSS-STAB", period=202403),),
    ),
    ForslagMade(beslut=RAMSANKNING),
    ForslagRejected(
        typ="ramjustering",
        forslag="KS 2024-119",
        beslutsorgan=KF,
        beslutsdatum=date(2024, 4, 23),
        paragraf="53",
        diarienummer="KS 2024-119",
    ),
    VerifikationPosted(
        serie="A",
        vernr="123",
        bokforingsdatum=date(2024, 3, 1),
        rader=(
            Utfallsrad(
                1_250_000,
                ansvar="KLF-EKON",
                konto="7410",
                slag="kostnad",
                verksamhet="920",
                aktivitet="1200",
                objekt="88",
                fri="x",
                handelse="corona",
                motpart="Konsult Anna Åkesson",
                text="Rådgivning mars",
            ),
            Utfallsrad(-1_250_000, konto="1930"),
        ),
    ),
    VerifikationCorrected(
        serie="R",
        vernr="7",
        bokforingsdatum=date(2024, 4, 2),
        rader=(
            Utfallsrad(
                -1_250_000, ansvar="KLF-EKON", konto="7410", slag="kostnad", verksamhet="920", text="Fel ansvar"
            ),
            Utfallsrad(1_250_000, konto="1930"),
        ),
        rattar_serie="A",
        rattar_vernr="123",
        ursprungsdatum=date(2024, 3, 1),
    ),
    UtfallReported(
        period="2022-12",
        ansvar="KLF-GEM",
        rader=(
            Summarad(
                date(2022, 12, 31),
                Utfallsrad(
                    82_183_754_567,
                    ansvar="KLF-GEM",
                    konto="1180",
                    slag="utgift",
                    verksamhet="340",
                    projekt="P-SIMHALL",
                    motpart="Lejonfastigheter AB",
                    text="Ackumulerat t.o.m. 2022",
                ),
            ),
            Summarad(date(2022, 12, 31), Utfallsrad(-15_272_132, ansvar="KLF-GEM", konto="3110", slag="intakt")),
        ),
    ),
    UtfallCorrected(
        period="2022-12",
        ansvar="KLF-GEM",
        fore=(Summarad(date(2022, 12, 31), Utfallsrad(-15_272_132, ansvar="KLF-GEM", konto="3110", slag="intakt")),),
        efter=(
            Summarad(
                date(2022, 12, 31),
                Utfallsrad(-15_300_000, ansvar="KLF-GEM", konto="3110", slag="intakt", text="ny leverans"),
            ),
        ),
        rattar=(411,),
    ),
    PeriodClosed(period="2024-03", motivering="Avstämd av Anna Åkesson"),
    PeriodOpened(period="2024-03", motivering="Leverantörsfaktura kom in sent"),
    PrognosSubmitted(
        prognosdatum=date(2024, 8, 31),
        ar=2024,
        ansvar="KLF-NAMND",
        rader=(
            Prognosrad("kostnad", 3_410_000_000, kommentar="Högre arvoden"),
            Prognosrad("intakt", 480_000_000),
            Prognosrad("utgift", 100_000_000, projekt="P-KLF-INV"),
        ),
    ),
    KommentarWritten(
        ar=2024, tom=12, rapport="driftsammandrag", rad="KLF-EKON", text="Överskottet beror på vakanser under våren."
    ),
    AtgardChanged(
        atgard="A-HR-1",
        namn="Minskad utveckling av kommunens arbetsgivarpolitik",
        ansvar="KLF-HR",
        ar=2024,
        status="genomford",
        statusdatum=date(2024, 9, 30),
        belopp_ore=150_000_000,
        effekt_ore=120_000_000,
        kategori="personal",
        text="Två tjänster vakanta från maj",
    ),
    MattDefined(
        matt="VSS-SJUK",
        namn="Total sjukfrånvaro",
        slag="indikator",
        fran=date(2022, 1, 1),
        enhet="%",
        riktning="lagre",
        mal="Goda arbetsplatser",
        overgripande_mal="Attraktiv arbetsgivare",
        malomrade="Medarbetare",
    ),
    MatvardenReported(
        datum=date(2024, 3, 31),
        ansvar="KS-VSS",
        rader=(
            Matvarde("VSS-SJUK", 2024, "utfall", 64, 1, tom=3),
            Matvarde("VSS-SJUK", 2024, "utfall", 47, 1, tom=3, kon="man"),
            Matvarde("VSS-SJUK", 2024, "mal", 65, 1, villkor="≤"),
            Matvarde("VSS-SJUK", 2024, "utfall", kod="I.U.", text="resultat kommer till verksamhetsberättelsen"),
        ),
    ),
    RegistreringCorrected(
        rattar=412,
        fel=RAMSANKNING,
        ratt=OmfordelningDecided(
            beslutsorgan=KF,
            beslutsdatum=date(2024, 4, 23),
            rorelser=(Rorelse(1_630_000_000, "netto", 2024, fran_ansvar="KS", till_ansvar="BOU", text="Rätt nämnd"),),
            paragraf="52",
        ),
        motivering="Registrerad på fel nämnd",
    ),
    *BEHORIGHET,
)

#: The samples by archive name.
BY_NAME: dict[str, Fact] = {sample.name: sample for sample in SAMPLES}
