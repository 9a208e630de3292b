"""Searching the list of cases as its form does."""

from httpx import Response

from tests.web.browsing import Client


def search(client: Client, text: str, **filters: str) -> Response:
    """The list that the search leads to, or the case that was called by its reference."""
    return client.post("/cases", data={"q": text, **filters}, follow_redirects=True)


def token_of(answered: Response) -> str:
    """By what an address finds again what was searched for."""
    return answered.url.params["search"]
