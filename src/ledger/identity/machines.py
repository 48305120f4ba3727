"""Machines and who is responsible for them: to fyra ögon they are one person, for ever.

A machine with a token has whoever the token names; one that comes with the identity provider's own token has whoever
the table of roles names, noted before it may do anything. Only what is said of a machine now lets it write.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from ledger.identity.tables import MASKIN, TOKEN, Place

#: What the name of a machine begins with in the directory.
MACHINE: Final = "maskin"


def is_machine(name: str) -> bool:
    """Whether a name in the directory is a machine's."""
    return f"{name} ".startswith(f"{MACHINE} ")


class Machines:
    """The machines of one ledger. Any thread may use it."""

    def __init__(self, place: Place) -> None:
        """Keep those of the identity provider at a place."""
        self._place = place
        self._noted: set[tuple[str, str]] = set()

    def note(self, actor: str, ansvariga: Sequence[str]) -> None:
        """Keep who is responsible for a machine of the provider; what was said before is kept too."""
        for person in ansvariga:
            if (actor, person) in self._noted:
                continue
            try:
                with self._place.writing() as connection:
                    connection.execute(insert(MASKIN).values(actor=actor, ansvarig=person))
            except IntegrityError:
                # It is known already.
                pass
            self._noted.add((actor, person))

    def same_person(self, actor: str) -> tuple[str, ...]:
        """The other pseudonyms of whoever acts under one: a person's machines; of a machine, its persons and theirs.

        Tokens that are withdrawn or too old count, and who was responsible before: what the machine proposed stands.
        Whoever made a token has seen it, and so is one with its machine, though not with others that he made.
        """
        with self._place.reading() as connection:
            tokens = connection.execute(select(TOKEN.c.actor, TOKEN.c.ansvarig, TOKEN.c.skapad_av).distinct()).all()
            noted = connection.execute(select(MASKIN.c.actor, MASKIN.c.ansvarig)).all()
        owned = {(row.actor, row.ansvarig) for row in (*tokens, *noted)}
        made = {(row.actor, row.skapad_av) for row in tokens}
        owners = {person for machine, person in owned if machine == actor}
        theirs = {machine for machine, person in owned if person in (owners or {actor})}
        makers = {person for machine, person in made if machine == actor}
        of_maker = {machine for machine, person in made if person == actor}
        return tuple(sorted((owners | theirs | makers | of_maker) - {actor}))
