"""The pages of signing in and out, and of taking another role.

By an identity provider a person is sent there and comes back with a code, which is good once, in the browser that was
sent. In a demonstration a page asks which of a few made-up people one wants to be.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Final, NamedTuple

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from ledger.domain.language import N_, _
from ledger.domain.roll import Caller
from ledger.identity.roller import Roll
from ledger.identity.sessions import PATIENCE, Begun, Session
from ledger.identity.tables import secret
from ledger.identity.untrusted import ProviderIsAway
from ledger.web import cookies
from ledger.web import rules_identity as rules
from ledger.web.drawing import Drawing
from ledger.web.entrance import SIGN_IN, cookie_name
from ledger.web.forms import Chosen
from ledger.web.house import House
from ledger.web.links import own_address
from ledger.web.problems import no, shortened
from ledger.web.visitor import ROLES, Visitor, current

if TYPE_CHECKING:
    from ledger.identity.oidc import Provider

#: Where the provider sends people back.
BACK: Final = f"{SIGN_IN}/retur"


class Example(NamedTuple):
    """A made-up person of the demonstration."""

    namn: str
    roll: str
    kan: str


EXAMPLES: Final = (
    Example("Eva Ekonom", "ekonom", N_("bokför, lägger förslag och lämnar prognoser")),
    Example("Carl Controller", "controller", N_("läser allt, lämnar prognoser och kommenterar")),
    Example("Amina Attestant", "attestant", N_("granskar och attesterar det som andra har föreslagit")),
    Example("Bo Beslutsfattare", "beslutsfattare", N_("beslutar inom sitt mandat")),
    Example("Rut Revisor", "revisor", N_("läser och spelar upp allt, skriver ingenting; läsningen antecknas")),
    Example("Ivar Internkontroll", "internkontroll", N_("läser allt, också det som har avvisats")),
    Example("Lo Läsare", "lasare", N_("läser rapporter")),
    Example("Adrian Administratör", "admin", N_("sköter organisation, mandat och nycklar; bokför ingenting")),
)


class SigningIn:
    """Lets people in and out of one house."""

    def __init__(self, house: House, drawing: Drawing) -> None:
        """Use its identity."""
        self._house, self._drawing = house, drawing
        self._identity = house.identity
        self._signing = house.identity.signing
        self._session_cookie = cookie_name(secure=self._signing.is_secure)
        self._begun_cookie = f"{self._session_cookie}-in"

    # ---------------------------------------------------------------- in

    def begin(self, request: Request) -> Response:
        """Send the person to the provider, or ask who they want to be. Errors: ProblemRaised, ProviderIsAway."""
        sedan = safe_address(request.query_params.get("sedan", "/"))
        if self._signing.auth == "demo":
            return self._choose_example(sedan)
        provider = self._provider()
        begun = Begun(nonce=secret(), verifier=secret(), sedan=sedan)
        state = self._identity.sessions.begin(begun)
        address = provider.sign_in_address(
            back=self._signing.address + BACK, state=state, nonce=begun.nonce, verifier=begun.verifier
        )
        answer = RedirectResponse(address, 303)
        self._keep(answer, self._begun_cookie, state, int(PATIENCE.total_seconds()))
        return answer

    def returned(self, request: Request) -> Response:
        """The person comes back from the provider. Errors: ProblemRaised, Untrusted, ProviderIsAway."""
        provider, asked = self._provider(), request.query_params
        state, known = asked.get("state", ""), request.cookies.get(self._begun_cookie, "")
        if not state or not hmac.compare_digest(state.encode(), known.encode()):
            raise no(rules.SignInIsUsedUp())
        begun = self._identity.sessions.finish(state)
        if begun is None or asked.get("iss", provider.client.issuer) != provider.client.issuer:
            raise no(rules.SignInIsUsedUp())
        if "error" in asked or "code" not in asked:
            raise no(rules.SignInIsRefused(varde=shortened(asked.get("error"), 60)))
        claims, id_token = provider.redeem(
            asked["code"], back=self._signing.address + BACK, verifier=begun.verifier, nonce=begun.nonce
        )
        given = self._identity.roller.given(claims)
        if not given.roller:
            raise no(rules.NoRollIsGiven(given.version))
        actor = self._identity.person(claims, provider.subject(claims))
        key = self._identity.sessions.open(
            actor, given.roller, given.funktioner, version=given.version, id_token=id_token
        )
        return self._let_in(request, key, Caller(actor, *given.roller[0]), begun.sedan)

    def chosen_example(self, request: Request, sent: dict[str, str]) -> Response:
        """The person of the demonstration that was chosen. Errors: ProblemRaised."""
        if self._signing.auth != "demo":
            raise no(rules.SignInIsOff())
        known = request.cookies.get(self._begun_cookie, "")
        if not known or not hmac.compare_digest(sent.get("begun", "").encode(), known.encode()):
            raise no(rules.FormIsStale())
        example = next((one for one in EXAMPLES if one.roll == sent.get("roll")), None)
        if example is None:
            raise no(rules.RollIsNotYours(varde=shortened(sent.get("roll"), 60)))
        actor = self._identity.katalog.actor_for(f"{example.namn} (demo)")
        roll = Roll(example.roll)
        key = self._identity.sessions.open(actor, [roll])
        return self._let_in(request, key, Caller(actor, *roll), safe_address(sent.get("sedan", "/")))

    def _choose_example(self, sedan: str) -> Response:
        begun = secret()
        answer = self._drawing.page(
            "logga_in.html",
            examples=[one._replace(kan=_(one.kan)) for one in EXAMPLES],
            roles={code: _(words) for code, words in ROLES.items()},
            begun=begun,
            sedan=sedan,
            headers=NEVER_KEPT,
        )
        self._keep(answer, self._begun_cookie, begun, int(PATIENCE.total_seconds()))
        return answer

    def _let_in(self, request: Request, key: str, caller: Caller, sedan: str) -> Response:
        if (earlier := self._session(request)) is not None:
            self._identity.sessions.close(earlier)
        self._identity.atkomst.note(caller, "loggar in", SIGN_IN, self._house.ledger.log.head().position)
        answer = RedirectResponse(sedan, 303)
        self._forget(answer, self._begun_cookie)
        self._keep(answer, self._session_cookie, key, int(self._identity.sessions.longest.total_seconds()))
        return answer

    # ---------------------------------------------------------------- another role, and out

    def roles(self) -> Response:
        """The roles that the person has, to choose among. Errors: ProblemRaised."""
        if self._signing.auth == "demo":
            return RedirectResponse(SIGN_IN, 303)
        visitor = self._somebody()
        listed = [
            {
                "number": number,
                "words": _(ROLES.get(one.roll, one.roll)),
                "enheter": ", ".join(one.enheter),
                "is_now": (one.roll, one.enheter) == (visitor.caller.roll, visitor.caller.enheter),
            }
            for number, one in enumerate(visitor.roller)
        ]
        return self._drawing.page("roll.html", listed=listed, headers=NEVER_KEPT)

    def take(self, request: Request, sent: dict[str, str]) -> Response:
        """Another of the roles, under a new key. Errors: ProblemRaised."""
        visitor, session = self._somebody(), self._session(request)
        chosen = sent.get("vald", "")
        if not (chosen.isascii() and chosen.isdigit()) or int(chosen) >= len(visitor.roller) or session is None:
            raise no(rules.RollIsNotYours(varde=shortened(chosen, 60)))
        key = self._identity.sessions.choose(session, int(chosen))
        answer = RedirectResponse("/", 303)
        self._keep(answer, self._session_cookie, key, int(self._identity.sessions.longest.total_seconds()))
        return answer

    def end(self, request: Request) -> Response:
        """Sign out here, and show the way to do so at the provider too."""
        session = self._session(request)
        further = None
        if session is not None:
            self._identity.sessions.close(session)
            position = self._house.ledger.log.head().position
            self._identity.atkomst.note(session.caller, "loggar ut", "/logga-ut", position)
            further = self._out_of_provider(session)
        # A form may not lead to another site (form-action), so the browser is asked to go on by itself.
        onward = {"Refresh": f"0; url={further}"} if further else {}
        answer = self._drawing.page(
            "utloggad.html", further=further, headers={**NEVER_KEPT, "Clear-Site-Data": '"cache"', **onward}
        )
        self._forget(answer, self._session_cookie)
        return answer

    def ended(self) -> Response:
        """The page for who has signed out."""
        return self._drawing.page("utloggad.html", further=None)

    def _out_of_provider(self, session: Session) -> str | None:
        if session.id_token is None or self._identity.provider is None:
            return None
        try:
            back = f"{self._signing.address}/utloggad"
            return self._identity.provider.sign_out_address(id_token=session.id_token, back=back)
        except ProviderIsAway:
            return None

    # ---------------------------------------------------------------- around

    def _provider(self) -> Provider:
        if self._identity.provider is None:
            raise no(rules.SignInIsOff())
        return self._identity.provider

    def _somebody(self) -> Visitor:
        visitor = current()
        if visitor is None or visitor.how != "session":
            raise no(rules.SignInIsOff())
        return visitor

    def _session(self, request: Request) -> Session | None:
        return self._identity.sessions.find(request.cookies.get(self._session_cookie, ""))

    def _keep(self, answer: Response, name: str, value: str, seconds: int) -> None:
        cookies.keep(answer, name, value, seconds, is_secure=self._signing.is_secure)

    def _forget(self, answer: Response, name: str) -> None:
        cookies.forget(answer, name, is_secure=self._signing.is_secure)


NEVER_KEPT: Final = {"Cache-Control": "no-store"}


def safe_address(given: str) -> str:
    """An address of the service itself to go to after; the first page for any other."""
    return "/" if given.startswith(SIGN_IN) else own_address(given)


def router(house: House, drawing: Drawing) -> APIRouter:
    """The addresses of signing in and out."""
    signing = SigningIn(house, drawing)
    pages = APIRouter(include_in_schema=False)

    @pages.get(SIGN_IN)
    def begin(request: Request) -> Response:
        return signing.begin(request)

    @pages.get(BACK)
    def returned(request: Request) -> Response:
        return signing.returned(request)

    @pages.post(f"{SIGN_IN}/demo")
    def chosen_example(request: Request, sent: Chosen) -> Response:
        return signing.chosen_example(request, sent)

    @pages.get("/roll")
    def roles() -> Response:
        return signing.roles()

    @pages.post("/roll")
    def take(request: Request, sent: Chosen) -> Response:
        return signing.take(request, sent)

    @pages.post("/logga-ut")
    def end(request: Request) -> Response:
        return signing.end(request)

    @pages.get("/utloggad")
    def ended() -> Response:
        return signing.ended()

    return pages
