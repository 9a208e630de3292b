"""The roles of the council's file: which audience each belongs to, who gets its mail, and what it may read."""

from typing import Literal

from pydantic import Field

from apflow.core.definition.base import (
    Address,
    Claim,
    Name,
    Names,
    Part,
    Said,
    Whole,
)
from apflow.core.definition.fields import PrivacyClass
from apflow.core.definition.labels import STAFF


class WorksWith(Part):
    """Those who work with the child of a case: whoever its record names as `who`, at an address that was checked.

    Somebody should be on record of a child of whom any of `expected_of` or `only_of` is true; of a child of whom none
    of `only_of` is, nobody is written to.
    """

    who: Name
    expected_of: Names = ()
    only_of: Names = ()


class Role(Claim):
    """A role: which audience it belongs to, and who gets its mail.

    `mail` is `assigned` (whoever has the case, else the mailbox, which is the council's where the role has none),
    `everyone`, `mailbox`, `party` (the outsider), `register`: everybody on a `register` of records, none of whom need
    have an account, `by_link`: those on the case who read it by a link of their own, and never have one, or
    `works_with`: those who work with its child, else the mailbox.
    `sees` are the classes of fields it may read at all, on a page or in an e-mail: those of children only when it says
    so. `sees_on_pages` are classes that it reads on pages of its cases, and in no e-mail, where a question's `read` has
    the role. Whoever holds it may give tasks of the roles in `passes_on` to somebody who holds those. `least` is the
    fewest people who hold it at any time, of whom `most_conflicts` may have an interest in one case.
    """

    title: Said
    audience: str = STAFF
    mail: Literal["assigned", "everyone", "mailbox", "party", "register", "by_link", "works_with", "nobody"] = "nobody"
    mailbox: Address | None = None
    register_: Name | None = Field(default=None, alias="register")
    works_with: WorksWith | None = None
    sees: tuple[PrivacyClass, ...] = (PrivacyClass.PUBLIC, PrivacyClass.CASE, PrivacyClass.PERSONAL)
    sees_on_pages: tuple[PrivacyClass, ...] = ()
    passes_on: Names = ()
    least: Whole | None = Field(default=None, ge=0)
    most_conflicts: Whole = Field(default=0, ge=0)
