"""What the API page says of every command: a summary, the meaning of its fields, and a body that can be tried."""

from __future__ import annotations

from typing import Any, Final

from ledger.domain.language import N_
from ledger.web import examples_behorighet

SUMMARIES: Final = {
    **examples_behorighet.SUMMARIES,
    "register_unit": N_("Registrera en enhet i organisationen, en ändring av den eller dess sista dag"),
    "define_verksamhet": N_("Registrera en verksamhetskod"),
    "define_konto": N_("Registrera ett konto"),
    "change_projekt": N_("Registrera ett investeringsprojekt eller hur långt det har kommit"),
    "adopt_budget": N_("Registrera kommunfullmäktiges budget: ramar för år och planår"),
    "decide_investeringsram": N_("Registrera en investeringsram för ett år"),
    "decide_totalutgift": N_("Registrera beslutad totalutgift för ett projekt"),
    "decide_ramjustering": N_("Registrera en ändring av en ram"),
    "adopt_internbudget": N_("Registrera hur en nämnd fördelar sin ram"),
    "decide_omfordelning": N_("Registrera en omfördelning mellan enheter inom ett år"),
    "decide_ombudgetering": N_("Registrera en överföring av oanvänd investeringsram till ett senare år"),
    "set_detaljbudget": N_("Registrera hur en enhet delar upp sin budget på kostnader och intäkter"),
    "set_periodisering": N_("Registrera hur en årsbudget faller på månaderna"),
    "post_verifikation": N_("Bokför en verifikation, eller rättelsen av en"),
    "report_utfall": N_("Registrera utfallsrader för en enhet och månad"),
    "submit_prognos": N_("Registrera en enhets helårsprognos"),
    "write_kommentar": N_("Skriv analys och kommentar till en rad i en rapport"),
    "change_atgard": N_("Registrera en kostnadsreducerande åtgärd ett år, eller hur långt den har kommit"),
    "define_matt": N_("Registrera ett mått: en volym, ett personaltal eller en indikator"),
    "report_matvarden": N_("Registrera mätvärden: utfall, budget, plan, prognos eller mål för mått"),
    "close_period": N_("Stäng en månad för bokföring"),
    "open_period": N_("Öppna en stängd månad igen"),
    "correct_registrering": N_("Rätta en felaktig registrering, eller ta tillbaka den"),
}

ROWS: Final = {
    "Rorelse": "En rörelse i ett beslut: pengar går från en enhet till en annan",
    "Utfallsrad": "En rad i utfallet med sin kodsträng. Slaget är tomt på balanskonton",
    "Summarad": "En utfallsrad med sitt bokföringsdatum",
    "Prognosrad": "Helårsprognos för ett slag",
    "Matvarde": "Ett mätvärde: ett tal, ett mål eller varför det inte finns något tal",
    "Voucher": "En verifikation: serie, nummer och år",
}

FIELDS: Final = {
    **examples_behorighet.FIELDS,
    "atgard": "Åtgärdens kod",
    "ansvar": "Enhetens kod i organisationen",
    "ar": "Räkenskapsår",
    "belopp_ore": "Belopp i öre. Budget och prognos: storlek i slagets egen riktning. Utfall: kostnad +, intäkt −. "
    "Åtgärd: så mycket lägre ska nettokostnaden bli",
    "beslutsdatum": "Dagen för beslutet",
    "beslutsorgan": "Vem som beslutade: kommunfullmäktige, kommunstyrelsen … eller en enhets kod",
    "bokforingsdatum": "Bokföringsdatum",
    "datum": "Dagen då steget tas i ett ärende, eller mätvärdet lämnades: av samma värde gäller det senast lämnade",
    "decimaler": "Hur många av siffrorna i varde som är decimaler",
    "del_av": "Måttet som det är en del av",
    "diarienummer": "Beslutets diarienummer",
    "effekt_ore": "Uppföljd effekt i öre: så mycket lägre blev årets nettokostnad; tomt: inte uppföljd",
    "enhet": "Vad måttet räknas i, till exempel antal eller %",
    "ersatt": "Låt en ny leverans ersätta den som är registrerad",
    "ersatt_av": "Enheten som den uppgår i",
    "ersatter": "Beloppet ersätter tidigare totalutgift i stället för att läggas till",
    "finansiering": "Hur en ökning under året finansieras (KL 11:15)",
    "forslag": "Diarienumret för det förslag som beslutet avslutar",
    "fran": "Första dagen",
    "fran_ansvar": "Enheten som pengarna tas från; tomt: kommunfullmäktiges finansiering",
    "handelse": "Särskild händelse som rader kan följas upp på",
    "kategori": "Åtgärdens slag, till exempel effektivisering",
    "kod": "Verksamhetskod (SCB:s räkenskapssammandrag)",
    "kommando": "Kommandot som skulle ha registrerats, med namn och kropp; tomt: ingenting",
    "kon": "kvinnor eller man; tomt: båda",
    "konto": "Konto (Kommun-Bas)",
    "kontrollsumma_ore": "Beslutets summa enligt protokollet, i öre",
    "mal": "Målet som indikatorn följer",
    "malomrade": "Målområde",
    "matt": "Måttets kod",
    "motivering": "Varför",
    "niva": "kommun, namnd, forvaltning, stab, avdelning, enhet eller post",
    "overgripande_mal": "Kommunövergripande mål",
    "overordnad": "Enheten ovanför",
    "paragraf": "Paragraf i protokollet",
    "period": "Månad: 1–12 i en budgetrad, 2024-03 annars",
    "prognosdatum": "Dagen för prognosen",
    "rad": "Radens nyckel i rapporten; i en leverans raden med sina koder",
    "rader": "Rader",
    "rapport": "Rapportens namn",
    "rattar": "Det som rättas: ett faktums position, eller en verifikation med serie, vernr och ar",
    "riktning": "Vad som är bättre: hogre eller lagre",
    "rorelser": "Rörelser: pengar går från någonstans till någonstans",
    "serie": "Verifikationsserie",
    "slag": "netto, kostnad, intakt (drift) · utgift, inkomst (investering) · konton: kostnad, intakt, balans · "
    "mått: volym, personal, indikator",
    "sort": "utfall, budget, plan, prognos eller mal",
    "status": "Beslut: beslutat, forslag, avslaget. Projekt: beslutat, pagaende, fardigstallt, avbrutet. "
    "Åtgärd: planerad, genomford, struken",
    "statusdatum": "Dagen från vilken projektets eller åtgärdens läge gäller",
    "teckenregel": "nettokostnad eller resultat; tomt: som enheten ovanför",
    "text": "Vad det gäller. Inga personnummer",
    "till": "Sista dagen",
    "till_ansvar": "Enheten som pengarna går till; tomt: kommunfullmäktiges finansiering",
    "till_ar": "Året som en ombudgetering går till",
    "till_verksamhet": "Verksamhet på mottagarens sida; tomt: densamma",
    "tom": "Till och med månad 1–12",
    "varde": "Talets alla siffror, också decimalerna",
    "verksamhet": "Verksamhetskod",
    "vernr": "Verifikationsnummer",
    "villkor": "Vad ett mål kräver: =, ≥, ≤, >, <, ≤±, <±, öka, minska eller behålla",
}

_RAMJUSTERING: Final = {
    "beslutsorgan": "kommunfullmäktige",
    "beslutsdatum": "2024-04-23",
    "paragraf": "52",
    "diarienummer": "KS 2024-118",
    "rorelser": [
        {
            "belopp_ore": 1_630_000_000,
            "slag": "netto",
            "ar": 2024,
            "fran_ansvar": "KLF-GEM",
            "text": "Kapitalkostnader simhallen",
        }
    ],
}


def _beslut(organ: str, **rorelse: Any) -> dict[str, Any]:
    row = {"belopp_ore": 40_000_000, "slag": "netto", "ar": 2024, **rorelse}
    return {"beslutsorgan": organ, "beslutsdatum": "2024-02-27", "paragraf": "17", "rorelser": [row]}


EXAMPLES: Final[dict[str, dict[str, Any]]] = {
    **examples_behorighet.EXAMPLES,
    "register_unit": {
        "ansvar": "KLF-GEM",
        "namn": "Kommungemensamt",
        "niva": "stab",
        "fran": "2020-01-01",
        "overordnad": "KS-KLF",
    },
    "define_verksamhet": {"kod": "230", "namn": "Turistverksamhet", "fran": "2020-01-01"},
    "define_konto": {"konto": "5010", "namn": "Löner", "slag": "kostnad", "fran": "2020-01-01"},
    "change_projekt": {
        "projekt": "P-SIM",
        "namn": "Simhallen",
        "ansvar": "KLF-GEM",
        "status": "pagaende",
        "statusdatum": "2024-01-01",
    },
    "adopt_budget": _beslut("kommunfullmäktige", till_ansvar="KS"),
    "decide_investeringsram": _beslut("kommunfullmäktige", till_ansvar="KLF-GEM", slag="utgift", projekt="P-SIM"),
    "decide_totalutgift": _beslut("kommunfullmäktige", till_ansvar="KLF-GEM", slag="utgift", projekt="P-SIM"),
    "decide_ramjustering": _RAMJUSTERING,
    "adopt_internbudget": _beslut("kommunstyrelsen", fran_ansvar="KS", till_ansvar="KLF-GEM"),
    "decide_omfordelning": _beslut("bitr. kommundirektör", fran_ansvar="KLF-PLAN", till_ansvar="KLF-NAR"),
    "decide_ombudgetering": _beslut(
        "kommunfullmäktige", fran_ansvar="KLF-GEM", till_ansvar="KLF-GEM", till_ar=2025, slag="utgift", projekt="P-SIM"
    ),
    "set_detaljbudget": _beslut("KLF-GEM", fran_ansvar="KLF-GEM", till_ansvar="KLF-GEM", slag="kostnad", konto="5010"),
    "set_periodisering": _beslut("KLF-GEM", fran_ansvar="KLF-GEM", till_ansvar="KLF-GEM", period=1),
    "post_verifikation": {
        "serie": "A",
        "vernr": "123",
        "bokforingsdatum": "2024-03-31",
        "rader": [
            {"belopp_ore": 1_250_000, "ansvar": "KLF-GEM", "konto": "5010", "slag": "kostnad", "verksamhet": "230"},
            {"belopp_ore": -1_250_000, "konto": "2510"},
        ],
    },
    "report_utfall": {
        "period": "2024-03",
        "ansvar": "KLF-GEM",
        "rader": [
            {
                "bokforingsdatum": "2024-03-31",
                "rad": {
                    "belopp_ore": 8_900_000,
                    "ansvar": "KLF-GEM",
                    "konto": "5010",
                    "slag": "kostnad",
                    "verksamhet": "230",
                },
            }
        ],
    },
    "submit_prognos": {
        "prognosdatum": "2024-08-31",
        "ar": 2024,
        "ansvar": "KLF-GEM",
        "rader": [{"slag": "netto", "belopp_ore": 28_500_000_000}],
    },
    "write_kommentar": {
        "ar": 2024,
        "tom": 12,
        "rapport": "driftsammandrag",
        "rad": "KLF-GEM",
        "text": "Ofinansierade poster har gett ett underskott.",
    },
    "change_atgard": {
        "atgard": "A-1",
        "namn": "Minskad utveckling av arbetsgivarpolitiken",
        "ansvar": "KLF-GEM",
        "ar": 2024,
        "status": "planerad",
        "statusdatum": "2024-01-15",
        "belopp_ore": 150_000_000,
        "kategori": "personal",
    },
    "define_matt": {
        "matt": "SJUK",
        "namn": "Total sjukfrånvaro",
        "slag": "personal",
        "fran": "2020-01-01",
        "enhet": "%",
        "riktning": "lagre",
    },
    "report_matvarden": {
        "datum": "2024-03-31",
        "ansvar": "KLF-GEM",
        "rader": [
            {"matt": "SJUK", "ar": 2024, "sort": "utfall", "tom": 3, "varde": 64, "decimaler": 1},
            {"matt": "SJUK", "ar": 2024, "sort": "mal", "varde": 65, "decimaler": 1, "villkor": "≤"},
        ],
    },
    "close_period": {"period": "2024-03", "motivering": "Månadsbokslut klart"},
    "open_period": {"period": "2024-03", "motivering": "En leverantörsfaktura hade fallit bort"},
    "correct_registrering": {
        "rattar": 214,
        "kommando": {"namn": "decide_ramjustering", "kropp": _RAMJUSTERING},
        "motivering": "Fel belopp i första registreringen",
    },
}
