"""An event log as files that process-mining tools read: OCEL 2.0 (JSON), and XES. Written as it comes, however long."""

import json
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import IO, Any
from xml.sax.saxutils import quoteattr

from apflow.event_log.entries import LoggedCase, LoggedEvent

_EVENT_ATTRIBUTES = ("kind", "workflow", "by", "who", "from", "to")
_NO_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_XES_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849-2016" xmlns="http://www.xes-standard.org/">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
<extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
<global scope="trace"><string key="concept:name" value="unknown"/></global>
<global scope="event">
<string key="concept:name" value="unknown"/>
<string key="lifecycle:transition" value="complete"/>
<date key="time:timestamp" value="1970-01-01T00:00:00.000+00:00"/>
</global>
<classifier name="Activity" keys="concept:name"/>
"""


def write_xes(cases: Iterable[LoggedCase], to: IO[str]) -> int:
    """Each case a trace; how many events there were."""
    count = 0
    to.write(_XES_HEAD)
    for case in cases:
        to.write("<trace>\n")
        _strings(to, {"concept:name": case.id, "apflow:workflow": case.workflow, "apflow:title": case.title})
        for event in case.events:
            to.write("<event>\n")
            _strings(to, _xes_event(event))
            to.write(f'<date key="time:timestamp" value="{_instant(event.at)}"/>\n</event>\n')
            count += 1
        to.write("</trace>\n")
    to.write("</log>\n")
    return count


def _xes_event(event: LoggedEvent) -> dict[str, str]:
    return {
        "concept:name": event.name,
        "lifecycle:transition": "complete",
        "org:resource": event.who,
        "org:role": event.by,
        "apflow:kind": event.kind,
        "apflow:from": event.from_state,
        "apflow:to": event.to_state,
        "apflow:item": event.item.key if event.item else "",
    }


def _strings(to: IO[str], attributes: Mapping[str, str]) -> None:
    for key, value in attributes.items():
        if value:
            to.write(f"<string key={quoteattr(key)} value={quoteattr(_NO_XML.sub('', value))}/>\n")


def write_ocel(cases: Iterable[LoggedCase], to: IO[str]) -> int:
    """Cases and the papers of their catalogues as objects, under one log; how many events there were."""
    event_types: set[str] = set()
    object_types: set[str] = set()
    count = 0
    # Events are written as they come, and objects after them: each is in one list, and neither need fit in memory.
    with tempfile.TemporaryFile("w+", encoding="utf-8") as objects:
        to.write('{"events": [')
        for case in cases:
            for event in case.events:
                event_types.add(event.name)
                to.write(("" if count == 0 else ",") + "\n" + _json(_ocel_event(case, event)))
                count += 1
            for one in _objects(case):
                object_types.add(one["type"])
                objects.write(("" if objects.tell() == 0 else ",") + "\n" + _json(one))
        to.write('\n], "objects": [')
        objects.seek(0)
        to.writelines(objects)
    event_attributes = [{"name": name, "type": "string"} for name in _EVENT_ATTRIBUTES]
    types = {
        "eventTypes": [{"name": name, "attributes": event_attributes} for name in sorted(event_types)],
        "objectTypes": [_object_type(name) for name in sorted(object_types)],
    }
    to.write("\n], " + _json(types)[1:] + "\n")
    return count


def _ocel_event(case: LoggedCase, event: LoggedEvent) -> dict[str, Any]:
    said = (event.kind, case.workflow, event.by, event.who, event.from_state, event.to_state)
    related = [{"objectId": case.id, "qualifier": "case"}]
    if event.item is not None:
        related.append({"objectId": event.item.id, "qualifier": event.item.collection})
    return {
        "id": event.id,
        "type": event.name,
        "time": _instant(event.at),
        "attributes": [{"name": name, "value": value} for name, value in zip(_EVENT_ATTRIBUTES, said, strict=True)],
        "relationships": related,
    }


def _objects(case: LoggedCase) -> Iterator[dict[str, Any]]:
    """The case with each state it was in, since when; and what of its catalogues was acted on."""
    items = {event.item.id: event.item for event in case.events if event.item is not None}
    related = [{"objectId": item.id, "qualifier": item.collection} for item in items.values()]
    if case.parent:
        related.append({"objectId": case.parent, "qualifier": f"begun by, as {case.kind}"})
    moves = [event for event in case.events if event.from_state != event.to_state]
    attributes = [{"name": "state", "value": event.to_state, "time": _instant(event.at)} for event in moves]
    if case.title and case.events:
        attributes.append({"name": "title", "value": case.title, "time": _instant(case.events[0].at)})
    yield {"id": case.id, "type": case.workflow, "attributes": attributes, "relationships": related}
    for item in items.values():
        first = next(event.at for event in case.events if event.item == item)
        attributes = [{"name": "key", "value": item.key, "time": _instant(first)}]
        yield {
            "id": item.id,
            "type": f"{case.workflow} {item.collection}",
            "attributes": attributes,
            "relationships": [],
        }


def _object_type(name: str) -> dict[str, Any]:
    names = ("key",) if " " in name else ("state", "title")
    return {"name": name, "attributes": [{"name": each, "type": "string"} for each in names]}


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
