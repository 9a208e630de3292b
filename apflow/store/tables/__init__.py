"""The tables, split by noun. People's records are edited through SQLModel, the rest by Core statements."""

from apflow.store.tables.base import metadata
from apflow.store.tables.cases import CaseItem, CaseParty, CaseRow, Draft, Look
from apflow.store.tables.editions import EditionFile, EditionRow
from apflow.store.tables.history import CommandResult, HistoryEntry, WorkflowText
from apflow.store.tables.limits import TryRow
from apflow.store.tables.messages import MessageRow
from apflow.store.tables.people import ApiToken, Person, Session, SignInLink
from apflow.store.tables.settings import Setting
from apflow.store.tables.uploads import UploadRow
from apflow.store.tables.work import SignalRow, TaskRow, TimerRow

__all__ = [
    "ApiToken",
    "CaseItem",
    "CaseParty",
    "CaseRow",
    "CommandResult",
    "Draft",
    "EditionFile",
    "EditionRow",
    "HistoryEntry",
    "Look",
    "MessageRow",
    "Person",
    "Session",
    "Setting",
    "SignInLink",
    "SignalRow",
    "TaskRow",
    "TimerRow",
    "TryRow",
    "UploadRow",
    "WorkflowText",
    "metadata",
]
