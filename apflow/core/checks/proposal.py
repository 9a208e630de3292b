"""What is wrong with proposals: one of nothing, and one that is waited for and never made."""

from collections.abc import Iterator

from apflow.core.checks.findings import Finding, Subject


def check_proposals(subject: Subject) -> Iterator[Finding]:
    """Every finding about events that make, take or drop a proposal."""
    definition, fields = subject.definition, subject.workflow.fields
    is_made = any(event.proposal == "made" for _, _, event in subject.events())
    for path, name, event in subject.events():
        if event.proposal is None:
            continue
        forms = [form for (_, asking), form in definition.forms.items() if asking == name]
        if event.proposal == "made" and not any(set(form) & set(fields) for form in forms):
            message = f'"{name}" asks for none of the case\'s own fields, so nothing is proposed'
            yield Finding((*path, "proposal"), "proposes-nothing", message)
        if event.proposal != "made" and not is_made:
            message = f'nothing makes a proposal that "{name}" could settle (proposal: made)'
            yield Finding((*path, "proposal"), "never-proposed", message)
