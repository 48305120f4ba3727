"""As examples.py, of the commands about rights, cases and periods."""

from __future__ import annotations

from typing import Any, Final

from ledger.domain.language import N_

SUMMARIES: Final = {
    "grant_mandat": N_("Registrera ett mandat: vem som får besluta vad, var och upp till vilket belopp"),
    "end_mandat": N_("Registrera att ett mandat slutar tidigare än det var beslutat"),
    "name_attestant": N_("Registrera en rad i en enhets attestförteckning för ett år"),
    "draft_arende": N_("Skriv ett ärende, eller en ny version av det"),
    "propose_arende": N_("Föreslå ett ärende för beslut"),
    "review_arende": N_("Granskningsattest av ett förslag"),
    "decide_arende": N_("Beslutsattest: besluta i ett ärende med stöd av ett mandat"),
    "return_arende": N_("Återlämna ett förslag med ett skäl"),
    "withdraw_arende": N_("Återkalla ett ärende"),
    "declare_jav": N_("Anmäl jäv i ett ärende"),
    "confirm_registrering": N_("Bekräfta vad en annan person har registrerat"),
    "drop_registrering": N_("Ta tillbaka en registrering som väntar"),
    "close_year": N_("Registrera att ett års bokslut är fastställt; nästa år börjar med projektens belopp"),
    "begin_closing": N_("Börja stänga en månad för en förvaltning"),
}

FIELDS: Final = {
    "anmals": "Om beslut med mandatet anmäls till nämnden",
    "arende": "Ärendets beteckning, till exempel diarienumret",
    "beloppsgrans_ore": "Högsta belopp för ett beslut, i öre; tomt: ingen gräns",
    "delegationspunkt": "Punkten i delegationsordningen",
    "digest": "Kontrollsumman för den version som stegets givare har läst",
    "ersattare": "Om attestanten är ersättare",
    "far": "Vad mandatet ger rätt till: en beslutstyp, eller registrera",
    "funktion": "Funktionen som har mandatet, till exempel stabsdirektör",
    "mandat": "Position för det faktum som gav mandatet",
    "person": "Personens beteckning i liggaren, till exempel a-17",
    "registrering": "Position för registreringen som väntar",
    "typ": "Beslutstyp, till exempel omfordelning",
    "ursprungsdatum": "Dagen då det hände, för det som hittas när månaden är stängd",
    "uppgift": "granskning eller beslut",
    "version": "Ärendets version",
}

_STEP: Final[dict[str, Any]] = {"arende": "KS 2024-61", "version": 1, "digest": "9f86d081884c7d65"}

EXAMPLES: Final[dict[str, dict[str, Any]]] = {
    "grant_mandat": {
        "far": "omfordelning",
        "ansvar": "KS-KLF",
        "fran": "2024-01-01",
        "beslutsorgan": "kommunstyrelsen",
        "beslutsdatum": "2023-12-12",
        "funktion": "bitr. kommundirektör",
        "niva": "stab",
        "paragraf": "412",
        "delegationspunkt": "B 3.2",
        "anmals": True,
    },
    "end_mandat": {
        "mandat": 214,
        "till": "2024-08-31",
        "beslutsorgan": "kommunstyrelsen",
        "beslutsdatum": "2024-08-27",
        "paragraf": "280",
    },
    "name_attestant": {
        "ansvar": "KLF-GEM",
        "ar": 2024,
        "uppgift": "beslut",
        "person": "a-18",
        "fran": "2024-07-01",
        "till": "2024-07-31",
        "funktion": "stabsdirektör",
        "ersattare": True,
    },
    "draft_arende": {
        "arende": "KS 2024-61",
        "typ": "omfordelning",
        "rorelser": [
            {"belopp_ore": 45_000_000, "slag": "netto", "ar": 2024, "fran_ansvar": "KLF-PLAN", "till_ansvar": "KLF-NAR"}
        ],
        "motivering": "En tjänst flyttas",
    },
    "propose_arende": {**_STEP, "datum": "2024-03-01"},
    "review_arende": {**_STEP, "datum": "2024-03-02"},
    "decide_arende": {**_STEP, "beslutsorgan": "bitr. kommundirektör", "beslutsdatum": "2024-03-04"},
    "return_arende": {"arende": "KS 2024-61", "version": 1, "motivering": "Ange vilken tjänst"},
    "withdraw_arende": {"arende": "KS 2024-61", "motivering": "Behövs inte längre"},
    "declare_jav": {"arende": "KS 2024-61"},
    "confirm_registrering": {"registrering": 512},
    "drop_registrering": {"registrering": 513, "motivering": "Fel paragraf"},
    "close_year": {"ar": 2024, "beslutsorgan": "kommunfullmäktige", "beslutsdatum": "2025-04-22", "paragraf": "88"},
    "begin_closing": {"period": "2024-03", "ansvar": "KLF-GEM"},
}
