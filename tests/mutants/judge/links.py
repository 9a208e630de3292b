"""Those who read a case by a link of their own: who they are, how they stand, what is asked of them, what they read."""

from collections.abc import Iterator

from tests.mutants.judge.names import unknown
from tests.mutants.judge.raw import Flow, many, part


def wrong(flow: Flow) -> Iterator[str]:
    spec, where = part(flow.raw, "read_by_link"), "read_by_link"
    if not spec:
        return
    by_link = [name for name, role in flow.roles.items() if role.get("mail") == "by_link"]
    yield from unknown(where, "role", [spec["role"]], set(by_link) & set(part(flow.raw, "seen_by")))
    added = {name: one for name, one in flow.collections.items() if one.get("keyed_by") == "number"}
    yield from unknown(where, "collection", [spec["of"]], added)
    statuses = part(added.get(spec["of"], {}), "statuses")
    yield from unknown(where, "status", [*many(spec["by_email"]), *many(spec.get("by_post"))], statuses)
    events = [event for _, event in flow.written_events() if part(event, "item").get("of") == spec["of"]]
    asked = {name: one["type"] for event in events for name, one in flow.form(event).items()}
    yield from unknown(where, "question", [spec["email"]], [name for name, kind in asked.items() if kind == "email"])
    yield from unknown(where, "question", [spec.get("address")] if spec.get("by_post") else [], asked)
    yield from unknown(where, "alert", [spec["letter"]], part(flow.raw, "alerts"))
    yield from unknown(where, "document", [spec["document"]], part(flow.raw, "documents"))
    if part(part(flow.raw, "documents"), spec["document"]).get("while_in"):
        yield f"{spec['document']} is read by a link, and is not there in every state"
