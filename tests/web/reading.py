"""Reading a page as a person does: its headings, what it says, its links and errors, and forms to fill in and send."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from httpx import Response

_BLOCKS = {"p", "li", "div", "h1", "h2", "h3", "dt", "dd", "td", "th", "tr", "br", "section", "summary", "legend"}
_SILENT = {"script", "style", "title"}


@dataclass
class Button:
    """One button of a form."""

    text: str
    name: str
    value: str
    address: str


@dataclass
class Form:
    """One form, with what its controls hold as the page came."""

    action: str
    method: str
    is_multipart: bool
    values: list[tuple[str, str]] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    buttons: list[Button] = field(default_factory=list)

    def value(self, name: str) -> str:
        return next((value for held, value in self.values if held == name), "")

    def send(self, client: Any, button: str = "", **typed: Any) -> Response:
        """Type into the form, choose `files`, and press the button with this text; redirects are left to the test."""
        files = typed.pop("files", {})
        pressed = next((one for one in self.buttons if button and button in one.text), None)
        assert pressed or not button, f"no button {button!r} among {[one.text for one in self.buttons]}"
        values: dict[str, Any] = {}
        for name, value in self.values:
            values.setdefault(name, []).append(value)
        values |= {name.replace("__", "-"): value for name, value in typed.items()}
        if pressed and pressed.name:
            values[pressed.name] = pressed.value
        address = (pressed.address if pressed else "") or self.action
        if self.is_multipart:
            # An empty part, as a browser sends for a file that was not chosen, makes the form multipart.
            chosen = dict.fromkeys(self.files, ("", b"", "application/octet-stream")) | files
            return client.post(address, data=values, files=chosen)  # type: ignore[no-any-return]
        return client.post(address, data=values)  # type: ignore[no-any-return]


class Page(HTMLParser):
    """A response, read."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.status = response.status_code
        self.headings: list[tuple[str, str]] = []
        self.links: list[tuple[str, str]] = []
        self.forms: list[Form] = []
        self.ids: set[str] = set()
        self._text: list[str] = []
        self._open: list[tuple[str, dict[str, str]]] = []
        self._catching: list[tuple[str, list[str], dict[str, str]]] = []
        self.feed(response.text)

    @property
    def text(self) -> str:
        """Everything the page says, line by line, without runs of spaces."""
        lines = "".join(self._text).split("\n")
        return "\n".join(" ".join(line.split()) for line in lines if line.strip())

    @property
    def heading(self) -> str:
        return next(text for level, text in self.headings if level == "h1")

    @property
    def errors(self) -> dict[str, str]:
        """The error summary: where each error leads, and what it says."""
        return {href.removeprefix("#"): text for text, href in self._summary}

    def link(self, text: str) -> str:
        """Where the first link with this in its text leads."""
        return next(href for said, href in self.links if text in said)

    def form(self, button: str) -> Form:
        """The form that has this button."""
        return next(form for form in self.forms if any(button in one.text for one in form.buttons))

    def has_button(self, text: str) -> bool:
        """A button, or a link that looks like one."""
        return any(text in one.text for form in self.forms for one in form.buttons) or any(
            text in said for said, _ in self.links
        )

    def below(self, heading: str) -> str:
        """What stands between this heading and the next of its level or above."""
        lines = self.text.split("\n")
        # The last such line: the same words may stand above, as a link to the heading.
        start = max(number for number, line in enumerate(lines) if line.startswith(heading))
        level = next(level for level, text in self.headings if text.startswith(heading))
        others = {text for one, text in self.headings if one <= level}
        rest = lines[start + 1 :]
        end = next((number for number, line in enumerate(rest) if line in others), len(rest))
        return "\n".join(rest[:end])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = {name: value or "" for name, value in attrs}
        if tag in _BLOCKS:
            self._text.append("\n")
        if "id" in held:
            self.ids.add(held["id"])
        if tag not in ("input", "br", "meta", "link", "hr", "img"):
            self._open.append((tag, held))
        match tag:
            case "form":
                is_multipart = held.get("enctype") == "multipart/form-data"
                self.forms.append(Form(held.get("action", ""), held.get("method", "get"), is_multipart))
            case "input":
                self._input(held)
            case "h1" | "h2" | "h3" | "a" | "button" | "textarea" | "option":
                self._catching.append((tag, [], held))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open[-1][0] != tag:
            self._open.pop()
        if self._open:
            self._open.pop()
        if tag in _BLOCKS:
            self._text.append("\n")
        if self._catching and self._catching[-1][0] == tag:
            _, said, held = self._catching.pop()
            self._caught(tag, "".join(said), held)

    def handle_data(self, data: str) -> None:
        if any(tag in _SILENT for tag, _ in self._open):
            return
        for _, said, _ in self._catching:
            said.append(data)
        if not any(tag == "textarea" for tag, _ in self._open):
            self._text.append(" ".join(data.split("\n")))

    @property
    def _summary(self) -> list[tuple[str, str]]:
        return [(text, href) for text, href in self.links if href.startswith("#") and text in self._summary_text]

    @property
    def _summary_text(self) -> str:
        lines = self.text.split("\n")
        start = next((number for number, line in enumerate(lines) if line == "There is a problem"), None)
        return "\n".join(lines[start : start + 15]) if start is not None else ""

    def _input(self, held: dict[str, str]) -> None:
        if not self.forms or not held.get("name"):
            return
        kind = held.get("type", "text")
        if kind == "file":
            self.forms[-1].files.append(held["name"])
        elif kind not in ("radio", "checkbox") or "checked" in held:
            self.forms[-1].values.append((held["name"], held.get("value", "")))

    def _caught(self, tag: str, said: str, held: dict[str, str]) -> None:
        text = " ".join(said.split())
        match tag:
            case "a":
                self.links.append((text, held.get("href", "")))
            case "button" if self.forms:
                button = Button(text, held.get("name", ""), held.get("value", ""), held.get("formaction", ""))
                self.forms[-1].buttons.append(button)
            case "textarea" if self.forms:
                self.forms[-1].values.append((held.get("name", ""), said.removeprefix("\n")))
            case "h1" | "h2" | "h3":
                self.headings.append((tag, text))
