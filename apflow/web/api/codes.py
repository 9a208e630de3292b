"""The words of attendance on a day: what is sent of a session, and the codes that follow from it."""

from datetime import date
from typing import Any

from litestar import Request, get
from pydantic import BaseModel, Field

from apflow.core.errors import NotFound
from apflow.web.api.problems import documented
from apflow.web.api.registers import Day
from apflow.web.records.attending import attending
from apflow.web.records.marks import MARKS


class CodeOut(BaseModel):
    """One code of a school's register."""

    code: str
    says: str
    counts: str = Field(description="attending, authorised, unauthorised, unable to attend or not counted.")


class ReasonOut(BaseModel):
    """One reason that may be given of an absence."""

    name: str
    says: str
    code: str = Field(description="The code that follows from it.")
    told_by: list[str] = Field(description="Who may give it: provider, school, or both.")
    read_by: list[str] = Field(description="Who may read that it was given, besides the council's staff.")
    to_record: str | None = Field(description="What the home school's own register must say beside the code.")


class NoReasonOut(BaseModel):
    """The code of an absence that nobody has explained."""

    code: str
    becomes: str = Field(description="Its code once nobody has explained it for as long as `after` says.")
    after: str


class MarkWord(BaseModel):
    """What can be said of a session."""

    name: str
    says: str


class Codes(BaseModel):
    """The words in force on a day: marks and reasons are sent, codes follow from them."""

    day: date
    title: str = Field(description="The law that the codes are of.")
    since: date
    marks: list[MarkWord]
    reasons: list[ReasonOut]
    no_reason: NoReasonOut
    codes: list[CodeOut]


@get("/attendance/codes", sync_to_thread=True, responses=documented(400, 401, 404, 503))
def read_codes(request: Request[Any, Any, Any], day: Day = None) -> Codes:
    """The marks and reasons that may be sent of a session of this day, and the codes that follow from them."""
    who = attending(request)
    asked = day or who.today
    table = who.attendance.in_force(asked)
    if table is None:
        raise NotFound(f"No codes are in force on {asked.isoformat()}.")
    none = table.no_reason
    return Codes(
        day=asked,
        title=table.title,
        since=table.since,
        marks=[MarkWord(name=mark, says=says) for mark, says in MARKS.items()],
        reasons=[
            ReasonOut(
                name=name,
                says=reason.says,
                code=reason.code,
                told_by=list(reason.told_by),
                read_by=list(reason.read_by),
                to_record=reason.to_record,
            )
            for name, reason in table.reasons.items()
        ],
        no_reason=NoReasonOut(code=none.code, becomes=none.becomes, after=str(none.after)),
        codes=[CodeOut(code=code, says=one.says, counts=one.counts) for code, one in table.codes.items()],
    )


ROUTES = [read_codes]
