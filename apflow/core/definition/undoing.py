"""How long an e-mail that one of the council's staff causes can still be taken back."""

from typing import Annotated

from pydantic import Field

from apflow.core.definition.base import Claim, Whole


class UndoSending(Claim):
    """For how many `seconds` an e-mail to somebody outside waits, once one of the staff has done what it tells of.

    So long whoever did that can see whom it goes to, and take it back. What the clock sends does not wait.
    """

    seconds: Annotated[Whole, Field(ge=1, le=900)]
