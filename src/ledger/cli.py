"""The command line `liggare`: records, asks and proves.

Exit: 0 done, 1 refused (the rule, in Swedish, on stderr), 2 usage, 3 integrity broken.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from ledger import cli_identity
from ledger.cli_progress import Progress
from ledger.domain.refusal import Refused
from ledger.interchange.forms import FORMS, PACKAGES
from ledger.settings import SettingIsWrong, read_settings
from ledger.swedish import CannotBeShown, FileEndsOtherwise, SwedishCommand, SwedishGroup, usage_sentence

if TYPE_CHECKING:
    from ledger.main import House

#: Forms that are no text.
FILES = frozenset({"xlsx", "docx", "pdf"})

DONE, REFUSED, USAGE, BROKEN, INTERRUPTED = 0, 1, 2, 3, 130

Command = Callable[..., Any]


@click.group(cls=SwedishGroup)
def app() -> None:
    """Budgetliggare: budgetbeslut, utfall och prognoser som fakta, och rapporterna vid varje tidpunkt."""


#: Parameters of a question, by the names of the contract.
QUESTION = (
    click.option("--ar", metavar="ÅR", help="Räkenskapsår; annars det innevarande."),
    click.option("--tom", metavar="MÅNAD", help="Till och med månad 1–12, ackumulerat från januari."),
    click.option("--ansvar", metavar="KOD", help="Enheten vars träd visas; annars hela kommunen."),
    click.option(
        "--per", metavar="INDELNING", help="Rader: namnd, forvaltning, stab, avdelning, enhet, post, verksamhet …"
    ),
    click.option("--enhet", metavar="ENHET", help="Visa i kr, tkr eller mnkr."),
    click.option(
        "--organisation", metavar="DATUM|fg", help="Visa i den organisation som gällde ett datum; fg: året före."
    ),
    click.option(
        "--jamfor-organisation", metavar="DATUM|fg", help="Visa varje belopp även i organisationen ett annat datum."
    ),
    click.option("--handelse", metavar="MÄRKE", help="Bara utfall märkt med en särskild händelse."),
    click.option("--jamfor-prognos", metavar="DATUM", help="Jämför med prognosen från ett datum."),
    click.option("--omgang", metavar="DATUM", help="En äldre budgetomgång, efter beslutsdatum."),
    click.option("--stora", metavar="separat", help="Visa stora investeringsprojekt för sig."),
    click.option("--stora-fran", metavar="KRONOR", help="Stort från denna beslutade totalutgift; annars 50 miljoner."),
    click.option("--med-forslag", is_flag=True, help="Räkna med förslag som inte är beslutade än."),
    click.option("--urval", metavar="NAMN=VÄRDE", multiple=True, help="Rapportens egna urval, till exempel vem=a-1."),
    click.option(
        "--format",
        "form",
        type=click.Choice([*FORMS]),
        default="text",
        help="text, json, csv, csv-excel (semikolon och decimalkomma), xlsx, docx eller pdf.",
    ),
    click.option("--csv-excel", "form", flag_value="csv-excel", help="Detsamma som --format csv-excel."),
    click.option(
        "--ut", metavar="FIL", type=click.Path(path_type=Path), help="Skriv till en fil i stället för skärmen."
    ),
)


def question(command: Command) -> Command:
    """Give a command the parameters of a question."""
    for option in reversed(QUESTION):
        command = option(command)
    return command


@app.command("init", cls=SwedishCommand, short_help="Skapar liggaren; kan köras flera gånger.")
@click.option("--kommun", metavar="NAMN", help="Kommunens namn, som visas på rapporter och sidor.")
def init(kommun: str | None) -> None:
    """Skapar liggaren. Kan köras flera gånger."""
    with house() as opened:
        opened.begin_writing(kommun)
        named = f" för {opened.ledger.kommun}" if opened.ledger.kommun else ""
        say(f"Liggaren{named} är klar i {opened.place}, {opened.lage}.")


@app.command("import", cls=SwedishCommand, short_help="Läser in filer: allt eller inget.")
@click.argument("filer", metavar="FIL…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--torrkor", is_flag=True, help="Visa vad som skulle hända; registrera ingenting.")
@click.option("--ersatt", is_flag=True, help="Låt en ny leverans av utfallsrader ersätta den gamla.")
@click.option("--rattar", metavar="@N", help="Filen säger vad fakta N rätteligen skulle ha varit.")
@click.option("--motivering", metavar="TEXT", help="Varför något rättas.")
@click.option("--i-delar", is_flag=True, help="Registrera en mycket stor fil i delar.")
def import_(filer: tuple[Path, ...], *, torrkor: bool, **options: Any) -> None:
    """Läser in filer: allt prövas tillsammans, och antingen registreras allt eller inget."""
    with house() as opened, Progress() as progress:
        if not torrkor:
            opened.begin_writing()
        text = opened.import_paths(list(filer), progress, torrkor=torrkor, **options)
    say(text)


@app.command("rapport", cls=SwedishCommand, short_help="Skriver ut en rapport vid en tidpunkt.")
@click.argument("namn", metavar="NAMN")
@click.option("--kand", metavar="@N|TID", help="Det som var känt vid en position eller tidpunkt.")
@click.option("--beslutad", metavar="DATUM", help="Det som var beslutat till och med ett datum.")
@click.option("--serie", metavar="SERIE", help="En verifikationsserie (verifikation, grundbok, huvudbok).")
@click.option("--vernr", metavar="NUMMER", help="Ett verifikationsnummer (verifikation).")
@click.option("--konto", metavar="KONTO", help="Ett konto eller ett spann, till exempel 5000-5999 (böckerna).")
@click.option("--sida", metavar="N", help="Sidan av en lista, från 1.")
@question
def rapport(namn: str, *, form: str, ut: Path | None, **asked: Any) -> None:
    """Skriver ut en rapport, som den var känd och beslutad när som helst."""
    if ut is None and form in FILES and sys.stdout.isatty():
        raise CannotBeShown(form)
    with reading() as opened:
        write(opened.rendered(namn, parameters(asked), form), ut)


@app.command("rapportpaket", cls=SwedishCommand, short_help="Skriver ekonomikapitlet som Word, PDF eller kalkylblad.")
@click.option("--ar", metavar="ÅR", help="Räkenskapsår; annars det innevarande.")
@click.option("--tom", metavar="MÅNAD", help="Till och med månad 1–12, ackumulerat från januari.")
@click.option("--ansvar", metavar="KOD", help="Enheten vars träd visas; annars hela kommunen.")
@click.option("--kand", metavar="@N|TID", help="Det som var känt vid en position eller tidpunkt.")
@click.option("--beslutad", metavar="DATUM", help="Det som var beslutat till och med ett datum.")
@click.option("--enhet", metavar="ENHET", help="Visa i kr, tkr eller mnkr.")
@click.option("--ut", metavar="FIL", type=click.Path(path_type=Path), help="Filen som skrivs: .docx, .pdf eller .xlsx.")
def rapportpaket(ut: Path | None, **asked: str | None) -> None:
    """Skriver ekonomikapitlet i en verksamhetsberättelse eller delårsrapport: tabeller, diagram, analyser och noter."""
    if ut is None:
        raise click.BadOptionUsage(option_name="--ut", message="")
    form = ut.suffix.removeprefix(".").lower()
    if form not in PACKAGES:
        raise FileEndsOtherwise(ut.name, [f".{ending}" for ending in PACKAGES])
    with reading() as opened:
        write(opened.package(asked, form), ut)


@app.command("skillnad", cls=SwedishCommand, short_help="Visar vad som skiljer två svar, på öret.")
@click.argument("namn", metavar="NAMN")
@click.option("--fran", metavar="@N|TID", help="Det som var känt då (första svaret).")
@click.option("--till", metavar="@N|TID", help="Det som var känt då (andra svaret).")
@click.option("--fran-beslutad", metavar="DATUM", help="Beslutat till och med (första svaret).")
@click.option("--till-beslutad", metavar="DATUM", help="Beslutat till och med (andra svaret).")
@click.option("--rad", metavar="NYCKEL", help="Bara en rad.")
@click.option("--kolumn", metavar="NYCKEL", help="Bara en kolumn.")
@click.option("--sida", metavar="N", help="Sidan av en cells fakta, hundra i taget.")
@question
def skillnad(  # noqa: PLR0913 - two moments, and what is asked of both
    namn: str,
    *,
    fran: str | None,
    till: str | None,
    fran_beslutad: str | None,
    till_beslutad: str | None,
    rad: str | None,
    kolumn: str | None,
    sida: str | None,
    form: str,
    ut: Path | None,
    **asked: Any,
) -> None:
    """Visar vilka fakta som förklarar skillnaden mellan två svar, på öret."""
    both = parameters(asked)
    first = both | {"kand": fran, "beslutad": fran_beslutad}
    second = both | {"kand": till, "beslutad": till_beslutad}
    with reading() as opened:
        write(opened.difference(namn, first, second, rad=rad, kolumn=kolumn, sida=sida, form=form), ut)


@app.command("spela-upp", cls=SwedishCommand)
@click.option("--tom", metavar="@N|TID", help="Spela upp till och med denna position.")
@click.option("--jamfor", is_flag=True, help="Jämför med det som är lagrat.")
def replay(tom: str | None, *, jamfor: bool) -> None:
    """Bygger upp alla rapportunderlag ur fakta, i minnet."""
    with reading() as opened, Progress() as progress:
        equal, text = opened.replay(tom, progress, compare=jamfor)
    conclude(text, good=equal)


@app.command("bygg-om", cls=SwedishCommand, short_help="Bygger om rapportunderlagen och byter.")
@click.argument("namn", metavar="[NAMN…]", nargs=-1)
def rebuild(namn: tuple[str, ...]) -> None:
    """Bygger om rapportunderlagen vid sidan av de gamla, jämför och byter."""
    with reading() as opened, Progress() as progress:
        done, text = opened.rebuild(list(namn), progress)
    conclude(text, good=done)


@app.command("verifiera", cls=SwedishCommand)
def verify() -> None:
    """Prövar hela liggaren: ordning, kontrollsummor och trädrot."""
    with reading() as opened, Progress() as progress:
        intact, text = opened.verify(progress)
    conclude(text, good=intact)


@app.command("serve", cls=SwedishCommand)
@click.option("--host", metavar="ADRESS", help="Adress att lyssna på (annars LIGGARE_HOST).")
@click.option("--port", metavar="PORT", type=click.IntRange(0, 65535), help="Port (annars LIGGARE_PORT).")
def serve(**given: Any) -> None:
    """Visar liggaren som webbsidor och API."""
    from ledger import serving  # noqa: PLC0415 - the door is opened last

    serving.serve(
        read_settings().model_copy(update={name: value for name, value in given.items() if value is not None})
    )


@app.command("demo", cls=SwedishCommand)
def demo() -> None:
    """Läser in exemplet Linköping i en egen liggare och visar den."""
    from ledger import serving  # noqa: PLC0415 - the door is opened last

    with Progress() as progress:
        ready = serving.prepare_demo(read_settings(), progress)
    serving.serve(ready)


app.add_command(cli_identity.token)
app.add_command(cli_identity.roller)


# ---------------------------------------------------------------- around the commands


def parameters(asked: dict[str, Any]) -> dict[str, str | None]:
    """What was asked for, by the names of the contract. Errors: UsageError for a choice without a value."""
    choices = asked.pop("urval")
    found: dict[str, str | None] = {
        name: "ja" if value is True else value for name, value in asked.items() if value not in (None, False)
    }
    for choice in choices:
        name, equals, value = choice.partition("=")
        if not equals:
            raise click.BadOptionUsage(option_name="--urval", message=choice)
        found[name] = value
    return found


def house() -> House:
    """The ledger, created where it does not exist."""
    from ledger import main  # noqa: PLC0415 - nothing heavy is loaded for --help

    return main.House.open(read_settings())


def reading() -> House:
    """The ledger for questions: it must exist."""
    from ledger import main  # noqa: PLC0415 - nothing heavy is loaded for --help

    return main.House.open(read_settings(), create=False)


def say(text: str, stream: IO[str] | None = None) -> None:
    """A line for people."""
    print(text, file=stream or sys.stdout)


def conclude(text: str, *, good: bool) -> None:
    """Say how a check went; a bad end is exit 3."""
    say(text, sys.stdout if good else sys.stderr)
    if not good:
        raise SystemExit(BROKEN)


def write(content: bytes, ut: Path | None) -> None:
    """An answer, byte for byte, to the screen or a file."""
    if ut is not None:
        ut.write_bytes(content)
        return
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def main() -> None:
    """The entry point: every outcome becomes an exit code, and every refusal a Swedish sentence."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command; its exit code."""
    try:
        app.main(args=arguments, prog_name="liggare", standalone_mode=False)
    except click.UsageError as error:
        say(usage_sentence(error), sys.stderr)
        return USAGE
    except SettingIsWrong as error:
        say(str(error), sys.stderr)
        return USAGE
    except (KeyboardInterrupt, click.Abort):
        say("Avbrutet. Det som inte hann registreras är inte registrerat.", sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read has read enough; nothing more may be written when the interpreter ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except SystemExit as error:
        return error.code if isinstance(error.code, int) else REFUSED
    except Refused as refused:
        say(refused_text(refused), sys.stderr)
        return REFUSED
    except Exception as error:
        from ledger.mishap import mishap  # noqa: PLC0415 - the errors of all rooms are known there

        known = mishap(error)
        if known is None:
            if os.environ.get("LIGGARE_FELSOK") == "ja":
                raise
            say(f"Något gick fel som inte ska kunna hända ({type(error).__name__}: {error}).", sys.stderr)
            say("Kör igen med LIGGARE_FELSOK=ja för den tekniska beskrivningen, och skicka den vidare.", sys.stderr)
            return REFUSED
        say(known.sentence, sys.stderr)
        return BROKEN if known.breaks_integrity else REFUSED
    return DONE


def refused_text(refused: Refused) -> str:
    """Every refusal on a line of its own; a refusal of files says its places itself."""
    text = getattr(refused, "text", None)
    return text() if callable(text) else "\n".join(refusal.sentence() for refusal in refused.refusals)
