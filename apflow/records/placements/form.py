"""What is asked of a placement that is kept by hand, and what a case says of the one that it keeps."""

from apflow.records.asking import question

DESTINATIONS = {  # As placement.yaml asks for them at the end, so that reports add both up.
    "school": "Back to school",
    "another_setting": "To another setting",
    "post_16": "To education after 16",
    "training": "To training",
    "employment": "To work with training",
    "other": "Somewhere else",
}
REASONS = {  # As placement.yaml and returns.yaml tell them apart, so that a census counts both.
    "permanently_excluded": "After a permanent exclusion",
    "suspended": "During a suspension",
    "health": "For a health need",
    "directed": "A direction off-site to improve behaviour",
    "budget": "With a personal budget from an EHC plan",
    "alongside": "Part-time, alongside school",
    "whole": "Full-time, for another reason",
}
PLACEMENT_FORM = {
    "provider": question("text", "Provider", hint="Its name, or the reference of its case"),
    "site": question("text", "Site", optional=True, hint="Only needed when the provider has more than one"),
    "other_sites": question(
        "text",
        "Other sites of theirs, where the pupil is as well",
        optional=True,
        max_length=300,
        hint="Their names, with a semicolon between them. Whoever runs the first must run these too",
    ),
    "site_days": question(
        "text", "On which days at which site?", optional=True, max_length=200, hint="For example, Thursdays at the barn"
    ),
    "commissioner": question("text", "Commissioner", hint="Who places and pays: their name, or a school’s URN"),
    "reason": question(
        "choice",
        "Why was it commissioned?",
        options=REASONS,
        optional=True,
        hint="For the census. Where more than one is so, a permanent exclusion goes first, then a suspension",
    ),
    "hours": question("text", "Hours a week", max_length=10, hint="For example, 15 or 7.5"),
    "has_breaks": question("yes/no", "Are breaks and independent study in these hours?"),
    "sessions": question("number", "Sessions a week", optional=True, minimum=1, maximum=10),
    "cost": question("money", "Cost a week", optional=True, hint="For example, £250 or £187.50"),
    "sessions_from": question(
        "date",
        "From which day do these hours, sessions and this cost hold?",
        optional=True,
        hint="The day on which they change: until then, what there was goes on. Leave it empty for the first day",
    ),
    "starts_on": question("date", "First day"),
    "ends_on": question("date", "Last day", optional=True, hint="Leave empty when it is not known yet"),
    "paused_on": question(
        "date",
        "Paused since",
        optional=True,
        hint="From then on nobody expects the pupil. Leave it empty if it is not paused; a later pause takes its place "
        "here, and the one before stays on record",
    ),
    "resumed_on": question("date", "Goes on since", optional=True, hint="Leave it empty while it is paused"),
    "destination": question(
        "choice", "Where did the pupil go?", options=DESTINATIONS, optional=True, hint="Once it has ended"
    ),
    "never_began": question(
        "yes/no",
        "Did it never begin?",
        optional=True,
        hint="It was called off before the first day, or nobody came. Then it counts nowhere",
    ),
    "late_because": question(
        "text",
        "Why it is recorded only now",
        optional=True,
        max_length=300,
        hint="Only needed of a manager, where the provider takes no new placements now. Do not name a child",
    ),
    "considered_by": question(
        "text",
        "Who considered the council’s duty to arrange education (section 19)?",
        hint="Name and role",
        optional=True,
        max_length=120,
    ),
    "considered_on": question("date", "When was that?", optional=True, date_must_be="today or before"),
    "considered_evidence": question(
        "long text", "On what evidence, and what was decided?", optional=True, max_length=3000
    ),
}
PLACEMENT_OF_A_CASE_FORM = {
    "site": question("number", "Site"),
    "commissioner": question("number", "Commissioner"),
    "hours": question("number", "Hours a week"),
    "minutes": question("number", "Minutes more", optional=True),
    **{name: PLACEMENT_FORM[name] for name in ("other_sites", "site_days")},
    **{
        name: PLACEMENT_FORM[name]
        for name in ("has_breaks", "sessions", "cost", "sessions_from", "starts_on", "ends_on", "never_began")
    },
}
