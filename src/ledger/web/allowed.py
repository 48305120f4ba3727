"""Which role may go where. docs/roller.md says the same to people, and a test holds every cell of its table.

Not here: which role may give which command (ledger.domain.roll), which the choke point judges.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from ledger.domain.language import N_
from ledger.domain.refusal import Refusal
from ledger.domain.roll import RIGHTS
from ledger.web.rules_identity import RollMayNotEnter
from ledger.web.visitor import ROLES

#: Methods that change nothing.
READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})

#: Where nobody needs to sign in: what stands there is the same for all and says nothing of the ledger's content.
PUBLIC: Final = (
    "/static/",
    "/logga-in",
    "/utloggad",
    "/fel",
    "/hjalp",
    "/sprak",
    "/tillganglighet",
    "/api/v1/halsa",
    "/api/v1/openapi.json",
)

EVERYBODY: Final = tuple(ROLES)

#: Any role that may give some command.
WRITERS: Final = tuple(roll for roll in ROLES if RIGHTS.get(roll))

#: All but who reads reports only. They may have the log checked and replayed too, which changes nothing.
ALL_BUT_READERS: Final = tuple(roll for roll in ROLES if roll != "lasare")

#: Reports that repeat the free text of vouchers, and who is told of refused attempts.
BOOKS: Final = ("grundbok", "huvudbok", "verifikation")
WATCHERS: Final = ("controller", "revisor", "internkontroll", "admin")

#: Where reports stand, as pages and as answers.
REPORTS: Final = ("/rapporter", "/api/v1/rapporter")


class Place(NamedTuple):
    """Addresses that begin alike, and who may go there."""

    prefix: str
    what: str
    roller: tuple[str, ...]


#: The longest prefix that fits counts; all that is not named is for everybody to read.
READ: Final = (
    Place("/api/v1/fakta", N_("läsa fakta"), ALL_BUT_READERS),
    Place("/fakta", N_("läsa fakta"), ALL_BUT_READERS),
    Place("/verifikationer", N_("läsa verifikationer"), ALL_BUT_READERS),
    *(Place(f"{root}/{name}", N_("läsa verifikationer"), ALL_BUT_READERS) for root in REPORTS for name in BOOKS),
    *(Place(f"{root}/avvisade", N_("läsa avvisade försök"), WATCHERS) for root in REPORTS),
    Place("/registrera", N_("registrera"), WRITERS),
    Place("/import", N_("läsa in filer"), WRITERS),
    Place("/att-gora", N_("ta ställning till ärenden"), WRITERS),
    Place("/perioder", N_("läsa om perioder"), ALL_BUT_READERS),
    Place("/arenden", N_("läsa ärenden"), ALL_BUT_READERS),
    Place("/registreringar", N_("läsa registreringar som väntar"), ALL_BUT_READERS),
    Place("/kommentar", N_("skriva kommentarer"), WRITERS),
    Place("/provning", N_("spela upp och verifiera"), ALL_BUT_READERS),
    Place("/api/v1/token", N_("hantera nycklar"), ("admin",)),
    Place("/api/v1/roller", N_("läsa rolltabellen"), ("admin", "revisor")),
    Place("/api/v1/atkomstlogg", N_("läsa åtkomstloggen"), ("admin", "revisor")),
)

#: What changes something: whoever signs in leaves by these, all else is for those who may give some command.
WRITE: Final = (
    Place("/api/v1/token", N_("hantera nycklar"), ("admin",)),
    Place("/nycklar", N_("skapa nycklar"), ("admin",)),
    # Whoever is responsible for a key withdraws it, whatever their role; the page shows nobody anybody else's.
    Place("/nycklar/", N_("återkalla nycklar"), EVERYBODY),
    Place("/logga-ut", N_("logga ut"), EVERYBODY),
    Place("/provning", N_("spela upp och verifiera"), ALL_BUT_READERS),
    Place("/roll", N_("byta roll"), EVERYBODY),
    Place("/logga-in", N_("logga in"), EVERYBODY),
    # The choke point says which role may give which command, with a better sentence.
    Place("/api/v1/kommandon", N_("ge kommandon"), EVERYBODY),
)

#: Places that are shut for other roles in öppet läge too, where all else is open to read.
HANDS_OUT_RIGHTS: Final = ("/nycklar", "/api/v1/token", "/api/v1/roller", "/api/v1/atkomstlogg")


def is_public(path: str) -> bool:
    """Whether an address is for whoever asks."""
    return any(begins(path, prefix) for prefix in PUBLIC)


def refusal(method: str, path: str, roll: str) -> Refusal | None:
    """Why a role may not go to an address; None where it may."""
    place = place_of(method, path)
    if place is None or roll in place.roller:
        return None
    return RollMayNotEnter(ROLES.get(roll, roll), place.what, tuple(ROLES[allowed] for allowed in place.roller))


def is_guarded_when_open(path: str) -> bool:
    """Whether an address asks for its role in öppet läge too."""
    return any(begins(path, prefix) for prefix in HANDS_OUT_RIGHTS)


def place_of(method: str, path: str) -> Place | None:
    """The place that an address belongs to; None for what everybody may read."""
    places = READ if method in READING else (*WRITE, Place("/", N_("registrera"), WRITERS))
    return max(_fitting(places, path), key=lambda place: len(place.prefix), default=None)


def begins(path: str, prefix: str) -> bool:
    """Whether an address is a prefix or lies under it."""
    return path == prefix or path.startswith(prefix if prefix.endswith("/") else f"{prefix}/")


def _fitting(places: tuple[Place, ...], path: str) -> Iterator[Place]:
    return (place for place in places if begins(path, place.prefix))
