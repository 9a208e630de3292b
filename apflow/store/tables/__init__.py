"""The tables, split by noun. People's records are edited through SQLModel, the rest by Core statements."""

from apflow.store.tables.attendance import (
    AbsencePatternRow,
    AttendancePlan,
    LongAbsenceTold,
    SessionChase,
    SessionMark,
)
from apflow.store.tables.away import Cover, TimeAway
from apflow.store.tables.base import metadata
from apflow.store.tables.cases import CaseItem, CaseParty, CaseRow, Draft, HiddenCase, Look
from apflow.store.tables.editions import EditionFile, EditionRow
from apflow.store.tables.findings import CheckRow, FindingRow
from apflow.store.tables.history import CommandResult, HistoryEntry, WorkflowText
from apflow.store.tables.limits import TryRow
from apflow.store.tables.lists import SavedList, Search
from apflow.store.tables.messages import MessageRow
from apflow.store.tables.people import ApiToken, Colleague, Person, Session, SignInLink
from apflow.store.tables.places import Commissioner, Establishment, Proprietor, RedLight, Site
from apflow.store.tables.pupils import Placement, PlacementPause, PlacementWeek, Professional, Pupil, PupilWord
from apflow.store.tables.reader_links import ReaderLink, SignedDocument
from apflow.store.tables.records import CaseHold, ErasedCase, ImportFile, RecordChange, RecordRead
from apflow.store.tables.settings import Setting
from apflow.store.tables.terms import SchoolYear
from apflow.store.tables.uploads import UploadRow
from apflow.store.tables.work import SignalRow, TaskRow, TimerRow

__all__ = [
    "AbsencePatternRow",
    "ApiToken",
    "AttendancePlan",
    "CaseHold",
    "CaseItem",
    "CaseParty",
    "CaseRow",
    "CheckRow",
    "Colleague",
    "CommandResult",
    "Commissioner",
    "Cover",
    "Draft",
    "EditionFile",
    "EditionRow",
    "ErasedCase",
    "Establishment",
    "FindingRow",
    "HiddenCase",
    "HistoryEntry",
    "ImportFile",
    "LongAbsenceTold",
    "Look",
    "MessageRow",
    "Person",
    "Placement",
    "PlacementPause",
    "PlacementWeek",
    "Professional",
    "Proprietor",
    "Pupil",
    "PupilWord",
    "ReaderLink",
    "RecordChange",
    "RecordRead",
    "RedLight",
    "SavedList",
    "SchoolYear",
    "Search",
    "Session",
    "SessionChase",
    "SessionMark",
    "Setting",
    "SignInLink",
    "SignalRow",
    "SignedDocument",
    "Site",
    "TaskRow",
    "TimeAway",
    "TimerRow",
    "TryRow",
    "UploadRow",
    "WorkflowText",
    "metadata",
]
