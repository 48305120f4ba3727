"""Requests that are refused, each with what makes it faulty. The answers are in tests/golden/refusals/api.txt.

By hand: `.venv/bin/python -m tests.web.faulty_requests --golden` writes the answers anew.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any, Final, NamedTuple

import httpx2 as httpx

from tests.interchange import golden
from tests.interchange.town import FILES, files
from tests.web import houses

GOLDEN: Final = golden.FOLDER / "api.txt"

K: Final = "/api/v1/kommandon/"
R: Final = "/api/v1/rapporter/"

RAMJUSTERING: Final = {
    "beslutsorgan": "kommunfullmäktige",
    "beslutsdatum": "2024-04-23",
    "rorelser": [{"belopp_ore": 100_00, "slag": "netto", "ar": 2024, "till_ansvar": "KS", "text": "Höjd ram"}],
}
KONTO: Final = {"konto": "7777", "namn": "Annat", "slag": "kostnad", "fran": "2024-01-01"}
VERIFIKATION: Final = {
    "serie": "A",
    "vernr": "77",
    "bokforingsdatum": "2024-03-31",
    "rader": [
        {"belopp_ore": 100, "ansvar": "KS-A", "konto": "5010", "slag": "kostnad"},
        {"belopp_ore": -100, "konto": "1930"},
    ],
}


class Case(NamedTuple):
    """One faulty request: method, address, body and headers."""

    name: str
    path: str
    body: Any = None
    method: str = "POST"
    headers: dict[str, str] = {}  # noqa: RUF012 - never changed

    @property
    def content(self) -> bytes | None:
        """The body as it is sent."""
        if self.body is None or isinstance(self.body, bytes):
            return self.body
        return json.dumps(self.body, ensure_ascii=False).encode()

    @property
    def given(self) -> str:
        """What was sent, in one line."""
        headers = "".join(f" [{name}: {value}]" for name, value in self.headers.items())
        body = "" if self.content is None else f" {self.content[:200].decode('utf-8', 'backslashreplace')}"
        return f"{self.method} {self.path[:200]}{headers}{body}".rstrip().replace("\n", "⏎")


def get(name: str, path: str, **headers: str) -> Case:
    """A faulty question."""
    return Case(name, path, None, "GET", headers)


def row(**changed: Any) -> dict[str, Any]:
    """A ramjustering whose only movement is changed."""
    return {**RAMJUSTERING, "rorelser": [{**RAMJUSTERING["rorelser"][0], **changed}]}  # type: ignore[dict-item]


def ver(**changed: Any) -> dict[str, Any]:
    """A voucher that is changed."""
    return {**VERIFIKATION, **changed}


CASES: Final = [
    Case("json-tom", f"{K}define_konto", b""),
    Case("json-avhuggen", f"{K}define_konto", b'{"konto": "1'),
    Case("json-komma-saknas", f"{K}define_konto", b'{"konto": "1" "namn": "x"}'),
    Case("json-dubbelt-falt", f"{K}define_konto", b'{"konto": "1", "konto": "2"}'),
    Case("json-nan", f"{K}define_konto", b'{"konto": NaN}'),
    Case("json-stort-tal", f"{K}decide_ramjustering", b'{"kontrollsumma_ore": ' + b"9" * 40 + b"}"),
    Case("json-orimligt-tal", f"{K}decide_ramjustering", b'{"kontrollsumma_ore": ' + b"9" * 5000 + b"}"),
    Case("json-djup", f"{K}define_konto", b"[" * 100 + b"]" * 100),
    Case("json-mycket-djup", f"{K}define_konto", b"[" * 100_000),
    Case("json-surrogat", f"{K}define_konto", b'{"namn": "\\ud800"}'),
    Case("json-nul", f"{K}define_konto", b'{"namn": "a\\u0000b"}'),
    Case("json-styrtecken", f"{K}define_konto", b'{"namn": "a\\u0007b"}'),
    Case("json-latin-1", f"{K}define_konto", '{"namn": "Löner"}'.encode("latin-1")),
    Case("json-lista", f"{K}define_konto", []),
    Case("json-null", f"{K}define_konto", b"null"),
    Case("kropp-for-stor", f"{K}define_konto", b'"' + b"x" * 160_000 + b'"'),
    Case("medietyp", f"{K}define_konto", b"konto=1", headers={"content-type": "application/x-www-form-urlencoded"}),
    Case("medietyp-saknas", f"{K}define_konto", b"{}", headers={"content-type": ""}),
    Case("falt-saknas", f"{K}define_konto", {"konto": "1"}),
    Case("falt-okant", f"{K}define_konto", {**KONTO, "farg": "blå"}),
    Case("falt-tomt", f"{K}define_konto", {**KONTO, "konto": ""}),
    Case("falt-langt", f"{K}define_konto", {**KONTO, "konto": "9" * 101}),
    Case("datum-form", f"{K}define_konto", {**KONTO, "fran": "2024-1-1"}),
    Case("datum-finns-inte", f"{K}define_konto", {**KONTO, "fran": "2023-02-29"}),
    Case("datum-tal", f"{K}define_konto", {**KONTO, "fran": 20240101}),
    Case("datum-ar-10000", f"{K}define_konto", {**KONTO, "fran": "9999-12-31"}),
    Case("belopp-decimal", f"{K}decide_ramjustering", row(belopp_ore=100.5)),
    Case("belopp-text", f"{K}decide_ramjustering", row(belopp_ore="100")),
    Case("belopp-sant", f"{K}decide_ramjustering", row(belopp_ore=True)),
    Case("ar-orimligt", f"{K}decide_ramjustering", row(ar=20_240)),
    Case("rad-okant-falt", f"{K}decide_ramjustering", row(beloop=1)),
    Case("rad-utan-text", f"{K}decide_ramjustering", row(text=None)),
    Case("rad-okand-enhet", f"{K}decide_ramjustering", row(till_ansvar="KS-X")),
    Case("rad-personnummer", f"{K}decide_ramjustering", row(text="Gäller 19811218-9876")),
    Case("rorelser-tomma", f"{K}decide_ramjustering", {**RAMJUSTERING, "rorelser": []}),
    Case("rorelser-ingen-lista", f"{K}decide_ramjustering", {**RAMJUSTERING, "rorelser": {}}),
    Case("verifikation-obalans", f"{K}post_verifikation", ver(rader=VERIFIKATION["rader"][:1])),
    Case("verifikation-finns", f"{K}post_verifikation", ver(vernr="1", bokforingsdatum="2024-02-01")),
    Case("konto-strider", f"{K}define_konto", {**KONTO, "konto": "5010", "fran": "2020-01-01"}),
    Case("period-form", f"{K}close_period", {"period": "2024-13"}),
    Case("period-oppen", f"{K}open_period", {"period": "2024-03", "motivering": "Fel"}),
    Case("kommentar-utan-text", f"{K}write_kommentar", {"ar": 2024, "tom": 13, "rapport": "", "rad": "", "text": ""}),
    Case("rattelse-finns-inte", f"{K}correct_registrering", {"rattar": 99_999, "motivering": "Fel"}),
    Case("rattelse-negativ", f"{K}correct_registrering", {"rattar": 0}),
    Case("rattelse-okant-kommando", f"{K}correct_registrering", {"rattar": 3, "kommando": {"namn": "x", "kropp": {}}}),
    Case("rattelse-utan-namn", f"{K}correct_registrering", {"rattar": 3, "kommando": {"kropp": {}}}),
    Case("nyckel-olaslig", f"{K}define_konto", KONTO, headers={"idempotency-key": "a b"}),
    Case("nyckel-programmets", f"{K}define_konto", KONTO, headers={"idempotency-key": "start/0/0.1.0"}),
    Case("torrkor-form", f"{K}define_konto?torrkor=kanske", KONTO),
    Case("okand-parameter", f"{K}define_konto?torr=1", KONTO),
    Case("okant-kommando", f"{K}radera_allt", {}),
    get("fel-metod", f"{K}define_konto"),
    Case("fel-metod-rapport", f"{R}driftsammandrag", {}),
    Case("fel-metod-delete", "/api/v1/fakta/1", method="DELETE"),
    Case("annan-webbplats", f"{K}define_konto", KONTO, headers={"sec-fetch-site": "cross-site"}),
    Case("annat-ursprung", f"{K}define_konto", KONTO, headers={"origin": "http://ond.example"}),
    get("annat-vardnamn", "/api/v1/halsa", host="liggare.example"),
    get("okand-adress", "/api/v2/rapporter"),
    get("okant-faktum", "/api/v1/fakta/999999"),
    get("faktum-utan-tal", "/api/v1/fakta/abc"),
    get("fakta-antal", "/api/v1/fakta?antal=0&efter=-1"),
    get("fakta-tva-ganger", "/api/v1/fakta?antal=1&antal=2"),
    get("okand-rapport", f"{R}arsredovisning"),
    get("rapport-ar", f"{R}driftsammandrag?ar=tjugo&tom=13"),
    get("rapport-langt-ar", f"{R}driftsammandrag?ar={'9' * 5000}"),
    get("rapport-kand-framtid", f"{R}driftsammandrag?ar=2024&kand=@999999"),
    get("rapport-kand-form", f"{R}driftsammandrag?ar=2024&kand=2024-05-28T12:00"),
    get("rapport-kand-ingen-dag", f"{R}driftsammandrag?ar=2024&kand=2024-99-99"),
    get("rapport-kand-sista-dagen", f"{R}driftsammandrag?ar=2024&kand=9999-12-31"),
    get("rapport-kand-forsta-stunden", f"{R}driftsammandrag?ar=2024&kand=0001-01-01T00:00:00%2B14:00"),
    get("rapport-okand-enhet", f"{R}driftsammandrag?ar=2024&ansvar=KS-Q"),
    get("rapport-okand-parameter", f"{R}driftsammandrag?ar=2024&farg=bl%C3%A5"),
    get("rapport-tva-ganger", f"{R}driftsammandrag?ar=2024&ar=2023"),
    get("cell-utan-rad", f"{R}driftsammandrag/cell?ar=2024"),
    get("cell-finns-inte", f"{R}driftsammandrag/cell?ar=2024&rad=KS-Q&kolumn=farg"),
    get("cell-sida", f"{R}driftsammandrag/cell?ar=2024&rad=summa&kolumn=budget&sida=noll"),
    get("cell-sida-for-langt", f"{R}driftsammandrag/cell?ar=2024&rad=summa&kolumn=budget&sida=7"),
    get("cell-i-lista", f"{R}behandlingshistorik/cell?rad=summa&kolumn=budget"),
    get("skillnad-kand", f"{R}driftsammandrag/skillnad?ar=2024&kand=@1"),
    get("skillnad-kolumn", f"{R}driftsammandrag/skillnad?ar=2024&kolumn=farg&rad=KS-Q"),
    get("skillnad-sida", f"{R}driftsammandrag/skillnad?ar=2024&sida=2"),
    get("skillnad-sida-for-langt", f"{R}driftsammandrag/skillnad?ar=2024&rad=summa&kolumn=budget&sida=2"),
    get("skillnad-i-lista", f"{R}behandlingshistorik/skillnad?fran=@1"),
]


def answer(client: httpx.Client, case: Case) -> str:
    """Status, type and sentences of what is answered."""
    headers = {"content-type": "application/json", **case.headers} if case.content is not None else case.headers
    headers = {name: value for name, value in headers.items() if value}
    found = client.request(case.method, case.path, content=case.content, headers=headers)
    assert found.headers["content-type"] == "application/problem+json", f"{case.name}: {found.status_code} {found.text}"
    problem = found.json()
    assert problem["status"] == found.status_code
    sentences = dict.fromkeys(fel["mening"] for fel in problem["fel"])
    return golden.answered("\n".join([f"{problem['status']} {problem['type']}", *sentences]))


def town(url: str) -> Any:
    """An opened ledger that holds the small town of the import tests."""
    return houses.opened(url, kommun="Kommunen")


def fill(opened: Any) -> None:
    """Import the town's files."""
    from ledger import main  # noqa: PLC0415 - only when something is filled
    from ledger.interchange.importing import import_files  # noqa: PLC0415 - only when something is filled

    import_files(opened.ledger, opened.caller, files(dict(FILES)), new_id=main.new_id)


def main(arguments: list[str]) -> int:
    """Write the golden file, when `--golden` says so."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--golden", action="store_true", help="skriv svaren på nytt")
    if not parser.parse_args(arguments).golden:
        sys.stderr.write("Ge --golden för att skriva svaren på nytt.\n")
        return 2
    with tempfile.TemporaryDirectory() as folder, town(f"sqlite:///{Path(folder) / 'liggare.db'}") as opened:
        fill(opened)
        with houses.talking(opened, largest_body=150_000) as client:
            golden.write(GOLDEN, [golden.Entry(case.name, case.given, answer(client, case)) for case in CASES])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
