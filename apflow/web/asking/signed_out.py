"""A form that comes in after its session has ended: everything typed comes back, ready to be sent once more."""

from typing import Any

from litestar import Request, Response

from apflow.web.asking.submission import read_submission
from apflow.web.forms import Submitted
from apflow.web.render import page

_NOT_ANSWERS = ("seen", "key", "step")


async def signed_out_page(request: Request[Any, Any, Any]) -> Response[Any]:
    """What was typed, inside a form that sends it again; nothing of the case, as nobody knows who is asking."""
    submission = await read_submission(request, {}, request.app.state.site.uploads)
    values = submission.values
    return page(
        request,
        "case/signed_out.html",
        status=401,
        address=f"{request.url.path}?{request.url.query}",
        carried=[(name, one) for name, every in values.items() for one in every],
        typed=_typed(values),
        had_file=request.content_type[0] == "multipart/form-data",
    )


def _typed(values: Submitted) -> list[tuple[str, str]]:
    """What a person wrote, under the names of the questions, as their words are the case's."""
    names = [name for name in values if name not in _NOT_ANSWERS and not name.endswith("-kept")]
    said = [(name.replace("_", " ").replace("-", " ").capitalize(), "\n".join(values[name])) for name in names]
    return [(label, text) for label, text in said if text.strip()]
