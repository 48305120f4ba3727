"""Sentences in two languages: said at once, or later as phrases; what people wrote stays as it is."""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from typing import Final

from ledger.domain.language import Catalogue, _, _n, phrase, phrase_n, said, speaking
from ledger.domain.refusal import Refusal, listed, row_count

ENGLISH: Final = Catalogue(
    "en",
    {
        "mars": "March",
        "Beslut i {month} av {who}": "Decisions of {month} by {who}",
        "eller": "or",
        "{self.varde} finns inte: välj {choices}.": "{self.varde} does not exist: choose {choices}.",
    },
    {"{count} rad": ("{count} row", "{count} rows")},
)


@dataclass(slots=True)
class IsUnknown(Refusal):
    choices: tuple[str, ...]

    def sentence(self) -> str:
        return self.say("{self.varde} finns inte: välj {choices}.", choices=listed(self.choices))


def test_a_sentence_is_in_the_language_that_is_spoken() -> None:
    swedish = _("mars"), row_count(1), row_count(2)
    with speaking(ENGLISH):
        english = _("mars"), row_count(1), row_count(2), _("april"), _n("en", "två", 2)

    assert (swedish, _("mars")) == (("mars", "1 rad", "2 rader"), "mars")
    assert english == ("March", "1 row", "2 rows", "april", "två")


def test_a_refusal_repeats_what_was_sent_as_it_is() -> None:
    refusal = IsUnknown(("{a}", "b"), varde="{self}")
    with speaking(ENGLISH):
        english = refusal.sentence()

    assert refusal.sentence() == "{self} finns inte: välj {a} eller b."
    assert english == "{self} does not exist: choose {a} or b."


def test_a_phrase_is_said_again_with_the_phrases_in_it() -> None:
    swedish = phrase("Beslut i {month} av {who}", month=phrase("mars"), who="mars"), phrase_n("{count} rad", "", 1)
    swedish = pickle.loads(pickle.dumps(swedish))  # noqa: S301 - as from another process
    with speaking(ENGLISH):
        english = [said(one) for one in (*swedish, "mars", 3)]

    assert swedish == ("Beslut i mars av mars", "1 rad")
    assert [said(one) for one in swedish] == list(swedish)
    assert english == ["Decisions of March by mars", "1 row", "mars", 3]
