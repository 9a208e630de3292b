"""The records that cases can draw items from, and the registers that a notice can go to: names that policy files use.

What each holds on a day, `apflow.store.records.commissioned` reads. A pupil is not among what is said of a placement:
whoever commissioned it tells by its first day, its hours and its site which one is meant, and staff look at its record.
"""

from collections.abc import Iterator, Mapping, Set

from apflow.core.definition.fields import FieldSpec, FieldType, PrivacyClass
from apflow.core.definition.linked import KEPT_BY
from apflow.core.definition.records import SITES, RecordSource

LIVE_PLACEMENTS = "live_placements"
PLACEMENTS_PREPARED = "placements_prepared"
PLACEMENTS_ELSEWHERE = "placements_elsewhere"
PLACEMENTS_ENDED = "placements_ended"
UNDELIVERED = "undelivered"
OWN_PUPILS = "own_pupils"
LISTED_SITES = "listed_sites"
SITES_BESIDE = "sites_beside"
KNOWN_PROVIDERS = "known_providers"
ESTABLISHMENTS = "establishments"
SOCIAL_WORKERS = "social_workers"
CARE_CHANGES = "care_changes_there"  # A pupil who is placed there comes into care, or is no longer in it.
PLACEMENT_BEGINS = "placement_begins_there"  # One is on record there from now on, whether it has begun yet or not.
SCHOOL_CHANGES = "pupil_changes_school"  # The record of the pupil of a placement says another home school, or none.
CARE_BEGINS = "pupil_comes_into_care"  # It says that the pupil is looked after, which it did not.
CARE_ENDS = "pupil_is_looked_after_no_longer"  # It says so no more, as it has ended or never was.
PLAN_BEGINS = "pupil_has_a_social_worker"  # It says so of a child protection or child in need plan, the first of them.
EHC_PLAN_BEGINS = "pupil_has_an_ehc_plan"
SITE_CHANGES = "its_site_changes"  # A site of a placement is at another address from now on, or is given up.
OF_A_PUPIL = (SCHOOL_CHANGES, CARE_BEGINS, CARE_ENDS, PLAN_BEGINS, EHC_PLAN_BEGINS)
KEPT_PLACEMENTS = "placements"
KEPT_SITES = SITES
EVERYBODY = "commissioners"
WITH_PUPILS_THERE = "commissioners_with_pupils_there"
REGISTERS = frozenset({EVERYBODY, WITH_PUPILS_THERE})
PROFESSIONALS = ("social_worker", "virtual_school", "sen_caseworker", "health", "other")
TRUE_OF_PUPILS = ("ehcp", "sen_support", "looked_after", "cp", "cin")
_BY_SOCIAL_WORKERS = frozenset({"looked_after", "cp", "cin"})


def changes_of(was: Set[str], is_now: Set[str]) -> Iterator[str]:
    """What the placements of a pupil hear of what is true from now on; of a social worker once, whatever begins."""
    if "looked_after" in was - is_now:
        yield CARE_ENDS
    if "looked_after" in is_now - was:
        yield CARE_BEGINS
    elif is_now & _BY_SOCIAL_WORKERS and not was & _BY_SOCIAL_WORKERS:
        yield PLAN_BEGINS
    if "ehcp" in is_now - was:
        yield EHC_PLAN_BEGINS


def _fact(kind: FieldType, label: str, privacy: PrivacyClass = PrivacyClass.CASE) -> FieldSpec:
    return FieldSpec(type=kind, label=label, optional=True, privacy=privacy)


_PLACEMENT = {
    "label": _fact(FieldType.TEXT, "Placement"),
    "commissioner": _fact(FieldType.TEXT, "Commissioned by"),
    "contact_name": _fact(FieldType.TEXT, "Whom we write to", PrivacyClass.PERSONAL),
    "contact_email": _fact(FieldType.EMAIL, "Their email address", PrivacyClass.PERSONAL),
    "contact_phone": _fact(FieldType.PHONE, "Their phone number", PrivacyClass.PERSONAL),
    "site": _fact(FieldType.TEXT, "Site"),
    "hours": _fact(FieldType.TEXT, "Hours a week"),
    "starts_on": _fact(FieldType.DATE, "First day"),
    "number": _fact(FieldType.NUMBER, "Number of its record"),
    KEPT_BY: _fact(FieldType.TEXT, "Reference of its own case"),
}
_PREPARED = {
    "label": _fact(FieldType.TEXT, "Placement that is prepared"),
    "commissioner": _fact(FieldType.TEXT, "Commissioned by"),
    "site": _fact(FieldType.TEXT, "Site"),
    KEPT_BY: _fact(FieldType.TEXT, "Reference of its own case"),
}
_ELSEWHERE = {
    "label": _fact(FieldType.TEXT, "Placement"),
    "where": _fact(FieldType.TEXT, "Where, and who placed the pupil there"),
    KEPT_BY: _fact(FieldType.TEXT, "Reference of its own case"),
}
_RECIPIENT = {
    "label": _fact(FieldType.TEXT, "Who"),
    "why": _fact(FieldType.TEXT, "Why they were not reached"),
    "reach_otherwise": _fact(FieldType.TEXT, "How to reach them otherwise", PrivacyClass.PERSONAL),
    "pupils_there": _fact(FieldType.NUMBER, "Placements of theirs there"),
}
_PUPIL = {
    "label": _fact(FieldType.TEXT, "Pupil", PrivacyClass.CHILD),
    "commissioner": _fact(FieldType.TEXT, "Commissioner"),
    "commissioner_number": _fact(FieldType.NUMBER, "Number of the commissioner's record"),
    "school_number": _fact(FieldType.NUMBER, "Number of the record of the school whose days count"),
    "leaves_school_on": _fact(FieldType.DATE, "Last day of compulsory school age", PrivacyClass.CHILD),
    "school_year": _fact(FieldType.TEXT, "School year", PrivacyClass.CHILD),
    "asked_by": _fact(FieldType.TEXT, "Who asks", PrivacyClass.PERSONAL),
    "asked_by_email": _fact(FieldType.EMAIL, "Their email address", PrivacyClass.PERSONAL),
}
_SITE = {
    "label": _fact(FieldType.TEXT, "Site", PrivacyClass.PUBLIC),
    "provider": _fact(FieldType.TEXT, "Provider", PrivacyClass.PUBLIC),
    "contact_name": _fact(FieldType.TEXT, "Whom we write to there", PrivacyClass.PERSONAL),
    "contact_email": _fact(FieldType.EMAIL, "Their email address", PrivacyClass.PERSONAL),
    "site": _fact(FieldType.TEXT, "Site"),
    "address": _fact(FieldType.TEXT, "Its address"),
    "standing": _fact(FieldType.TEXT, "Why pupils can be placed there"),
    "ages": _fact(FieldType.TEXT, "The ages that the provider says it works with", PrivacyClass.PUBLIC),
}
_SITE_BESIDE = {
    "label": _fact(FieldType.TEXT, "Site", PrivacyClass.PUBLIC),
    "where": _fact(FieldType.TEXT, "Site, with its address"),
}
_ESTABLISHMENT = {
    "label": _fact(FieldType.TEXT, "Name and number", PrivacyClass.PUBLIC),
    "name": _fact(FieldType.TEXT, "Name", PrivacyClass.PUBLIC),
    "urn": _fact(FieldType.URN, "Unique reference number (URN)", PrivacyClass.PUBLIC),
    "kind": _fact(FieldType.TEXT, "Type of establishment", PrivacyClass.PUBLIC),
    "council": _fact(FieldType.TEXT, "Local authority", PrivacyClass.PUBLIC),
    "postcode": _fact(FieldType.POSTCODE, "Postcode", PrivacyClass.PUBLIC),
    "registration": _fact(FieldType.TEXT, "How it is registered, as a provider would say it", PrivacyClass.PUBLIC),
    "site": _fact(FieldType.TEXT, "What its site is called", PrivacyClass.PUBLIC),
}
_REGISTERED = {
    "is_open_in_register": _fact(FieldType.YES_NO, "Is open in the national register today"),
    "was_on_no_list": _fact(FieldType.YES_NO, "Is not, and was not, on the council's own list"),
}
_PROVIDER = {
    "label": _fact(FieldType.TEXT, "Provider"),
    "provider": _fact(FieldType.TEXT, "Provider", PrivacyClass.PUBLIC),
    "reference": _fact(FieldType.TEXT, "Reference of its case"),
    "contact_name": _fact(FieldType.TEXT, "Whom we write to there", PrivacyClass.PERSONAL),
    "contact_email": _fact(FieldType.EMAIL, "Their email address", PrivacyClass.PERSONAL),
}
_SOCIAL_WORKER = {
    "label": _fact(FieldType.TEXT, "Who", PrivacyClass.PERSONAL),
    "contact_name": _fact(FieldType.TEXT, "Whom we write to", PrivacyClass.PERSONAL),
    "contact_email": _fact(FieldType.EMAIL, "Their email address", PrivacyClass.PERSONAL),
    "contact_phone": _fact(FieldType.PHONE, "Their phone number", PrivacyClass.PERSONAL),
    "children": _fact(FieldType.NUMBER, "Children in care there whom they work with"),
}
_PLANNED = {
    "provider_is_approved": _fact(FieldType.YES_NO, "Stands today where it takes placements"),
    "papers_are_in_date": _fact(FieldType.YES_NO, "Has every required paper in date"),
    "provider_is_registered": _fact(
        FieldType.YES_NO, "Is taken as registered, and open in the national register today"
    ),
    "stays_below_threshold": _fact(FieldType.YES_NO, "Need not register because of this placement, or is registered"),
    "sessions_are_free": _fact(FieldType.YES_NO, "Has no session that another placement of the pupil has"),
    "part_time_lasts": _fact(FieldType.YES_NO, "Is on no part-time timetable that ends before it begins"),
    "barred_are_named": _fact(
        FieldType.YES_NO, "Names everybody who must not be contacted by another placement of the pupil"
    ),
    "pupil_is_not_in_care": _fact(FieldType.YES_NO, "Is about a pupil who is not looked after, as their record says"),
    "nobody_came": _fact(FieldType.YES_NO, "No session there is marked as attended"),
    "is_to_begin": _fact(FieldType.YES_NO, "Has its first day still to come"),
    "school_days_of_notice": _fact(FieldType.NUMBER, "School days from the notice to the first day"),
    "weeks_since_review": _fact(FieldType.NUMBER, "Whole weeks since the last review"),
}
SOURCES: Mapping[str, RecordSource] = {
    OWN_PUPILS: RecordSource("pupils of whoever asks", _PUPIL, use="chosen", tells=OF_A_PUPIL),
    LISTED_SITES: RecordSource("sites of providers that take placements", _SITE, use="chosen", tells=(SITE_CHANGES,)),
    SITES_BESIDE: RecordSource(
        "the other sites of the same provider that the same people run", _SITE_BESIDE, use="chosen"
    ),
    KNOWN_PROVIDERS: RecordSource("every provider whose case is open", _PROVIDER, use="chosen"),
    SOCIAL_WORKERS: RecordSource("the social workers of children in care there", _SOCIAL_WORKER, tells=(CARE_CHANGES,)),
    ESTABLISHMENTS: RecordSource(
        "the one that is typed, if the national register has it as open and it is not here already",
        _ESTABLISHMENT,
        use="chosen",
        typed=True,
    ),
    KEPT_SITES: RecordSource("the site that a provider's case begins with", _REGISTERED, use="kept"),
    KEPT_PLACEMENTS: RecordSource("the placement that a case keeps", _PLANNED, use="kept"),
    LIVE_PLACEMENTS: RecordSource(
        "the placements there that run, or are to begin",
        _PLACEMENT,
        shown=("contact_name", "contact_phone", "number"),
        tells=(PLACEMENT_BEGINS,),
    ),
    PLACEMENTS_PREPARED: RecordSource(
        "the placements that are prepared there, and have not begun", _PREPARED, shown=(KEPT_BY,)
    ),
    PLACEMENTS_ENDED: RecordSource(
        "the placements there that have ended lately",
        _PLACEMENT,
        shown=("contact_name", "contact_phone", "number"),
        is_over=True,
    ),
    PLACEMENTS_ELSEWHERE: RecordSource(
        "the other placements of the case's pupil that run, or are to begin", _ELSEWHERE, shown=("where",)
    ),
    UNDELIVERED: RecordSource(
        "those whom an e-mail could not be delivered to", _RECIPIENT, tuple(_RECIPIENT), by_event=False
    ),
}
TYPED = frozenset(name for name, source in SOURCES.items() if source.typed)
