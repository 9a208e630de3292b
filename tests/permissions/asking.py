"""Asking for every route of the site as everybody, and saying in a word or two what each answer comes to."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import httpx
from litestar import Litestar
from litestar.testing import TestClient

from apflow.clock import machine_now
from apflow.records.door import By
from apflow.records.letters import Writing
from apflow.records.people.colleagues import add_colleague, of_person
from apflow.store.people import people, sign_in
from apflow.store.people.lists import save_list
from apflow.web.app import create_app
from apflow.web.case.opened import open_case
from apflow.web.identity import SESSION_COOKIE
from apflow.web.site import Site
from tests.away import say_away
from tests.permissions.who import (
    MISSING,
    MISSING_NUMBER,
    MISSING_REFERENCE,
    OTHERS,
    OWN,
    STAFF,
    Person,
    case_for,
    cases_at,
    everybody,
    number_for,
    of_case,
)

Route = tuple[str, str]
_PARAMETER = re.compile(r"\{([a-z_]+)(?::[a-z]+)?\}")
_NAMED = {"/workflows": "provider", "/returns": "children_not_in_school"}
_SAME_FOR_ALL = {
    "name": "application_protocol",
    "path": "openapi.json",
    "file_path": "apflow.css",
    "how": "claim",
    "year": "2026",
    "guard": "evidence_is_in_date",
    "collection": "applications",
}
_REFERENCE = re.compile(r"[A-Z]{2}-[A-Z0-9]{4}-[A-Z0-9]{4}")
_TELLING = 8  # Shorter parts of an address are words of the site, or numbers that occur in other words.
_NUMBER_OF_ANSWER = re.compile(r"[0-9a-f]{8,}")
_ASKED_FOR_MORE = (400, 409, 412, 415, 422, 428)
_AN_EVENT = "withdraw"  # For whoever can do nothing to the case.
_OF_NOBODY = {"token": "no-such-link", "file_id": "no-such-file", "key": "no-such-key", "upload": "no-such-file"}


@dataclass(frozen=True)
class Asked:
    """One answer: what it comes to in words, and all that the person saw, without the address they asked for."""

    word: str
    seen: str


def routes(app: Litestar) -> list[Route]:
    """Every method and path that the router knows, by path; not what only says which methods there are."""
    known = {(method, route.path) for route in app.routes for method in getattr(route, "methods", ())}
    return sorted(((method, path) for method, path in known if method not in ("OPTIONS", "HEAD")), key=_by_path)


def _by_path(route: Route) -> tuple[str, str]:
    return route[1], route[0]


def is_of_something(path: str) -> bool:
    """Whether the address names something that may be one's own, another's, or nothing at all."""
    return bool({"reference", "task", "number"} & set(_PARAMETER.findall(path)))


class Asking:
    """The demo council, asked in memory as one person after another."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.app = create_app(site)
        with site.store.reading() as connection:
            self.people = everybody(connection)
            self.entry = cases_at(connection, "provider", "approved")[0].id
        self._add_colleagues()
        self._keep_lists()
        self._add_times_away()
        self.sessions = {role: self._session(person) for role, person in self.people.items()}

    def routes(self) -> list[Route]:
        return routes(self.app)

    def _add_colleagues(self) -> None:
        """One for the provider and one for the school, whom those who ask could end."""
        site, now = self.site, self.site.now()
        with site.store.reading() as connection:
            olive = people.person(connection, self.people["officer"].id or 0)
            found = [of_person(connection, self.people[role].id or 0, role) for role in ("provider", "commissioner")]
        assert olive is not None
        writing = Writing(site.handler.letters, site.council, now)
        for number, organisation in enumerate(found):
            assert organisation is not None
            answers = {"name": "Clara Colleague", "email": f"clara{number}@made-up.example"}
            add_colleague(site.store, writing, organisation, answers, By(people.actor_of(olive), now, site.library))

    def _keep_lists(self) -> None:
        """Two for each of the staff, so that one is left to be renamed once the other is deleted."""
        with self.site.store.writing() as connection:
            for role in (*STAFF, "data_protection_officer"):
                for name in ("Late", "Closed"):
                    save_list(connection, self.people[role].id or 0, name, "/cases", "closed=yes", self.site.now())

    def _add_times_away(self) -> None:
        """One for each of the staff who ask, that they could end."""
        for role in STAFF:
            number = self.people[role].id or 0
            with self.site.store.reading() as connection:
                row = people.person(connection, number)
            assert row is not None
            now = self.site.now()
            say_away(self.site.handler, people.actor_of(row), now, now, now=now)

    def answers(self, role: str) -> Iterator[tuple[Route, str, Asked]]:
        """For each route, of what is missing, another's and one's own as there is: what this person is answered."""
        with TestClient(self.app, raise_server_exceptions=False) as client:
            client.follow_redirects = False
            for method, path in sorted(self.routes(), key=_reading_first):
                for which in (MISSING, OTHERS, OWN) if is_of_something(path) else ("",):
                    address = self._address(path, self.people[role], which)
                    if address is not None:
                        yield (method, path), which, self._ask(client, role, method, address)

    def _ask(self, client: TestClient[Litestar], role: str, method: str, address: str) -> Asked:
        client.cookies.clear()
        token = self.sessions[role]
        if address.startswith("/api/"):
            known = {"Authorization": f"Bearer {token['api']}"} if token else {}
            body: Any = None if method == "GET" else {"answers": {}}
            answer = client.request(method, address, headers={"If-Match": "*", **known}, json=body)
        else:
            if token:
                client.cookies.set(SESSION_COOKIE, token["session"])
            answer = client.request(method, address)
        return Asked(_word(method, answer), _without(answer.text, address))

    def _session(self, person: Person) -> dict[str, str]:
        if person.id is None:
            return {}
        now = machine_now()
        with self.site.store.writing() as connection:
            return {
                "session": sign_in.start_session(connection, person.id, now),
                "api": sign_in.issue_api_token(connection, person.id, "permissions", now),
            }

    def _address(self, path: str, person: Person, which: str) -> str | None:
        """The path with everything filled in; None where this person has no such thing."""
        filled = self._parts(path, person, which)
        parts = {name: filled.get(name) for name in _PARAMETER.findall(path)}
        if None in parts.values():
            return None
        return _PARAMETER.sub(lambda found: str(parts[found[1]]), path)

    def _parts(self, path: str, person: Person, which: str) -> Mapping[str, Any]:
        known: dict[str, Any] = (
            _OF_NOBODY | _SAME_FOR_ALL | {"event": self._event(person, path) if "{event" in path else ""}
        )
        known |= {"guard": "evidence_is_in_date", "collection": "applications", "entry_id": self.entry}
        for start, name in _NAMED.items():
            if path.startswith(start):
                known["name"] = name
        if which == MISSING:
            return known | {"reference": MISSING_REFERENCE, "task": MISSING_NUMBER, "number": MISSING_NUMBER}
        if "{number" in path:
            with self.site.store.reading() as connection:
                return known | {"number": number_for(connection, person, path, which)}
        with self.site.store.reading() as connection:
            case = case_for(connection, person, path, which)
            if case is None:
                return known
            known |= of_case(connection, case.id)
        if "/evidence/" in path:
            known["key"] = "employers_liability"
        return known | {"reference": case.reference}

    def _event(self, person: Person, path: str) -> str:
        """Something the person may do: to their own case, or to begin one."""
        if path.startswith("/start/"):
            return "enquire"
        if person.id is None or person.own is None:
            return _AN_EVENT
        with self.site.store.reading() as connection:
            row = people.person(connection, person.id)
        assert row is not None
        offers = open_case(self.site, people.actor_of(row), person.own.reference).offers()
        return next((offer.event for offer in offers if offer.item is None), _AN_EVENT)


def _reading_first(route: Route) -> tuple[bool, bool]:
    """What is read changes nothing; whoever has signed out is asked nothing more."""
    return route[0] != "GET", route[1] == "/sign-out"


def _word(method: str, answer: httpx.Response) -> str:
    status = answer.status_code
    if status in (302, 303, 307):
        leads_to = _REFERENCE.sub("…", urlsplit(answer.headers["location"]).path)
        if leads_to == "/sign-in":
            return "sign in first"
        return f"sent to {leads_to}" if method == "GET" else "yes"
    if status in _ASKED_FOR_MORE:
        return "yes, asked for more"
    known = {401: "sign in first", 403: "no", 404: "not found", 410: "no longer"}
    return "yes" if status < HTTPStatus.MULTIPLE_CHOICES else known.get(status, f"answers {status}")


def _without(text: str, address: str) -> str:
    """What was answered, without what was asked: the address, its parts, and the number of the answer."""
    for part in (address, *address.split("/")):
        if len(part) >= _TELLING:
            text = text.replace(part, "·")
    return _REFERENCE.sub("·", _NUMBER_OF_ANSWER.sub("·", text))
