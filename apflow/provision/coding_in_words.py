"""A rule of a table of register codes in words: which sessions it is of, and what they get."""

from apflow.provision.coding import Arranger, CodeRule, Setting

_SETTINGS = {
    Setting.PROVIDER: "at the provider",
    Setting.SPORT: "at a sporting activity",
    Setting.WORK: "on work experience",
    Setting.DUAL: "where the pupil is registered too",
    Setting.SCHOOL: "at another school",
    Setting.HOME: "at home or online",
}
_ARRANGERS = {Arranger.COUNCIL: "arranged by the council", Arranger.SCHOOL: "arranged by the school"}
_ASKED = {
    "planned": ("that was planned", "that was not planned"),
    "supervised": ("with supervision", "without supervision"),
    "authorised": ("with somebody authorised", "with nobody authorised"),
    "part_time": ("with a part-time timetable", "without a part-time timetable"),
    "compulsory_age": ("of a pupil of compulsory school age", "of a pupil not of compulsory school age"),
    "attended": ("that was attended", "that was not attended"),
}


def in_words(rule: CodeRule) -> str:
    """Which sessions it asks for: "at the provider or at another school, with supervision"; or "of any kind"."""
    asked = [
        " or ".join(_SETTINGS.get(one, one) for one in rule.setting),
        " or ".join(_ARRANGERS.get(one, one) for one in rule.arranged_by),
    ]
    for name, (yes, no) in _ASKED.items():
        is_so = getattr(rule, name)
        asked.append("" if is_so is None else yes if is_so else no)
    return ", ".join(one for one in asked if one) or "of any kind"


def outcome(rule: CodeRule) -> str:
    """What such a session gets: "code B", "the code of the absence" or "no code"."""
    return f"code {rule.code}" if rule.code else "the code of the absence" if rule.absence else "no code"
