"""Pages in the language of the reader: who is answered in which, and that a page in English says nothing in Swedish."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from importlib.resources import as_file, files
from typing import Final

import httpx2 as httpx
import pytest

from ledger.elsewhere import report_files
from ledger.web.language import address, catalogue, preferred
from tests.web import houses
from tests.web.browsing import PAGES

#: Words that Swedish sentences are made of and English ones are not.
SWEDISH: Final = re.compile(
    r"(?!\böre\b)(?:\b\w*[åäö]\w*|\b(?:och|att|som|inte|av|med|det|kan|eller|ska|ingen|inget|alla|visa|efter|detta|denna"
    r"|mot|vid|utan|ett|har|rad|rader|kolumn|bokslut|budgeten|utfall|prognos|avvikelse|beslut|enhet|enheter|konto|datum"
    r"|belopp|summa|projekt|verksamhet|fakta|faktum))\b",
    re.IGNORECASE,
)

#: What a page says beside its text.
SPOKEN: Final = ("aria-label", "aria-description", "title", "alt", "placeholder", "aria-valuetext")

#: What has no end tag.
VOID: Final = frozenset({"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})

#: Elements whose text nobody reads, or that is code.
UNREAD: Final = frozenset({"script", "style", "code", "kbd"})

#: What is so called in every language: the language itself, the program, files, and what stands in quotes.
NAMES: Final = re.compile(r"\b(?:Svenska|Budgetliggare)\b|[\w-]+\.csv|”[^”]*”")

#: The columns of the example's files that people wrote.
WRITTEN: Final = ("namn", "text", "beslutsorgan", "diarienummer", "motpart", "grupp")


class English(HTMLParser):
    """Reads a page and keeps what it says outside elements that are said to be Swedish."""

    def __init__(self) -> None:
        super().__init__()
        #: All that is said, and of that what is text.
        self.said: list[str] = []
        self.texts: list[str] = []
        self._within: list[tuple[str, bool]] = [("", False)]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        is_read = not self._within[-1][1]
        lang = known.get("lang")
        is_unread = tag in UNREAD or "mono" in (known.get("class") or "").split()
        # What is said to be English on an English page is the program's own words in the code.
        is_other = lang is not None or not is_read or is_unread
        if not is_other:
            self.said += [text for name, text in attrs if text and (name in SPOKEN or name.startswith("data-ord"))]
        if tag not in VOID:
            self._within.append((tag, tag != "html" and is_other))

    def handle_endtag(self, tag: str) -> None:
        while len(self._within) > 1:
            if self._within.pop()[0] == tag:
                return

    def handle_data(self, data: str) -> None:
        if data.strip() and not self._within[-1][1]:
            self.texts.append(" ".join(data.split()))
            self.said.append(self.texts[-1])


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    path = tmp_path_factory.mktemp("sprak") / "liggare.db"
    with houses.linkoping(f"sqlite:///{path}") as opened, houses.talking(opened) as client:
        yield client


@pytest.fixture(scope="module")
def recorded() -> frozenset[str]:
    """What people wrote in the example: the name of a figure, and a sentence about it, may repeat it."""
    texts = {"Linköpings kommun"}
    with as_file(files("ledger") / "exempel/linkoping") as folder:
        for file in folder.glob("*.csv"):
            lines = file.read_text("utf-8-sig").splitlines()
            rows = csv.DictReader(lines, delimiter=";" if ";" in lines[0] else ",")
            texts |= {row[name] for row in rows for name in WRITTEN if row.get(name)}
    return frozenset(texts)


def swedish_on(answer: httpx.Response, recorded: frozenset[str]) -> list[str]:
    """What a page in English says in Swedish without saying that it is."""
    page = English()
    page.feed(answer.text)
    names = [text for text in page.texts if text in recorded and SWEDISH.search(text)]
    assert answer.headers["content-language"] == "en"
    return names + [text for text in page.said if SWEDISH.search(left_of(text, recorded))]


def left_of(text: str, recorded: frozenset[str]) -> str:
    """A text without what people wrote in it, whole or cut off."""
    for known in sorted((one for one in recorded if one in text), key=len, reverse=True):
        text = text.replace(known, "")
    cut = next((n for n in range(len(text)) if any(one.startswith(text[n:].rstrip("…")) for one in recorded)), None)
    return NAMES.sub("", text[:cut] if text.endswith("…") else text)


#: Every page of a reader, and every report that is translated.
READ: Final = {
    **PAGES,
    **{
        report.name: f"/rapporter/{report.name}?ar=2024&tom=3"
        for report in report_files()
        if report.rubrik in catalogue("en").texts
    },
}


@pytest.mark.parametrize("name", READ)
def test_a_page_in_english_says_nothing_in_swedish(program: httpx.Client, recorded: frozenset[str], name: str) -> None:
    answer = program.get(READ[name], headers={"accept": "text/html", "accept-language": "en"}, follow_redirects=True)

    assert not swedish_on(answer, recorded)


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("/registrera/omfordelning", {}),
        ("/registrera/omfordelning", {"beslutsdatum": "i går", "fran_ansvar_0": "XX", "belopp_0": "tio"}),
        ("/registrera/prognos", {"ansvar": "KLF-EKON", "prognosdatum": "2024-03-31", "belopp_0": "1,234.5"}),
        ("/perioder/2024-03", {"gor": "oppna", "ansvar": "KS"}),
        ("/kommentar/driftsammandrag/KLF-EKON?ar=2024", {"text": "8507099805"}),
    ],
)
def test_what_is_refused_is_refused_in_english(
    program: httpx.Client, recorded: frozenset[str], path: str, sent: dict[str, str]
) -> None:
    answer = program.post(path, data=sent, headers={"accept": "text/html", "accept-language": "en"})

    assert answer.status_code >= 400
    assert not swedish_on(answer, recorded)


@pytest.mark.parametrize(
    ("accepted", "code"),
    [
        ("", "sv"),
        ("*", "sv"),
        ("en-US,en;q=0.9", "en"),
        ("en-GB", "en"),
        ("EN", "en"),
        ("sv-SE,sv;q=0.9,en;q=0.8", "sv"),
        ("en, sv", "sv"),
        ("en;q=0.5, sv;q=0.4", "en"),
        ("de, en;q=0.7, *;q=0.1", "en"),
        ("*, en;q=0.5", "sv"),
        ("de-DE, fr", "sv"),
        ("en;q=0", "sv"),
        ("en;q=mycket", "sv"),
        (";;;,,q=1", "sv"),
    ],
)
def test_english_is_spoken_where_the_browser_prefers_it(accepted: str, code: str) -> None:
    assert preferred(accepted) == code


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, "sv"),
        ({"accept-language": "en"}, "en"),
        ({"cookie": "sprak=en"}, "en"),
        ({"cookie": "sprak=sv", "accept-language": "en"}, "sv"),
        ({"cookie": "sprak=tlh", "accept-language": "en"}, "en"),
    ],
)
def test_a_choice_comes_before_the_browser(program: httpx.Client, headers: dict[str, str], code: str) -> None:
    page = program.get("/hjalp", headers={"accept": "text/html", **headers})
    no = program.get("/finns-inte", headers={"accept": "text/html", **headers})

    for answer in (page, no):
        assert answer.headers["content-language"] == code
        assert f'<html lang="{code}">' in answer.text
        assert {"Accept-Language", "Cookie"} <= set(answer.headers["vary"].split(", "))


@pytest.mark.parametrize(
    ("path", "accept"),
    [
        ("/finns-inte", "application/json"),
        ("/finns-inte", "*/*"),
        ("/api/v1/rapporter/finns-inte", "text/html"),
        ("/api/v1/rapporter", "*/*"),
    ],
)
def test_programs_are_answered_in_swedish(program: httpx.Client, path: str, accept: str) -> None:
    swedish = program.get(path, headers={"accept": accept})
    english = program.get(path, headers={"accept": accept, "accept-language": "en", "cookie": "sprak=en"})

    assert english.content == swedish.content
    assert "content-language" not in english.headers


def test_the_language_is_chosen_on_the_page_and_kept(program: httpx.Client) -> None:
    page = program.get("/hjalp?x=1", headers={"accept": "text/html"})
    answer = program.post("/sprak", data={"vald": "en", "sedan": "/hjalp?x=1"})

    assert '<input type="hidden" name="sedan" value="/hjalp?x=1">' in page.text
    assert '<button name="vald" value="en" lang="en">English</button>' in page.text
    assert (answer.status_code, answer.headers["location"]) == (303, "/hjalp?x=1")
    assert answer.headers["set-cookie"].startswith("sprak=en; HttpOnly; Max-Age=31536000; Path=/; SameSite=lax")


@pytest.mark.parametrize("sedan", ["//ond.se/", "https://ond.se", "/\\ond.se", "ond", "", "/a\r\nb", "/å", "/a" * 600])
def test_no_choice_leads_away(program: httpx.Client, sedan: str) -> None:
    answer = program.post("/sprak", data={"vald": "klingon", "sedan": sedan})

    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "set-cookie" not in answer.headers


def test_a_form_that_was_sent_is_read_again_where_it_was_written() -> None:
    scope = {"type": "http", "method": "POST", "path": "/registrera/omfordelning", "query_string": b""}
    own = [(b"host", b"127.0.0.1:8000"), (b"referer", b"http://127.0.0.1:8000/registrera/omfordelning?ar=2024#rad")]
    other = [(b"host", b"127.0.0.1:8000"), (b"referer", b"http://ond.se/registrera")]

    assert address({**scope, "headers": own}) == "/registrera/omfordelning?ar=2024"
    assert address({**scope, "headers": other}) == "/"
    assert address({**scope, "headers": [(b"host", b"127.0.0.1:8000"), (b"referer", b"http://[")]}) == "/"
    assert address({**scope, "method": "GET", "path": "/a/å b", "query_string": b"x=1", "headers": []}) == (
        "/a/%C3%A5%20b?x=1"
    )


def test_the_catalogues_are_part_of_the_package() -> None:
    assert catalogue("en").texts["Översikt"] == "Overview"
    assert catalogue("en").plurals["{count} rad"] == ("{count} row", "{count} rows")
