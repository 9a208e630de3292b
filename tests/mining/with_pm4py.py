"""Reads an exported log with pm4py, in a Python that has it, and says as JSON what pm4py makes of it.

python with_pm4py.py log.xes log.ocel.json
"""

import json
import sys
from typing import Any

import pm4py  # type: ignore[import-not-found]


def of_traces(path: str) -> dict[str, Any]:
    """What follows what, where traces begin and end, and how well a discovered model replays them."""
    log = pm4py.read_xes(path)
    follows, starts, ends = pm4py.discover_dfg(log)
    tree = pm4py.discover_process_tree_inductive(log)
    net, initial, final = pm4py.convert_to_petri_net(tree)
    fitness = pm4py.fitness_token_based_replay(log, net, initial, final)
    model, seen = pm4py.discover_footprints(tree), pm4py.discover_footprints(log)
    return {
        "cases": int(log["case:concept:name"].nunique()),
        "events": len(log),
        "follows": [list(pair) for pair in follows],
        "starts": list(starts),
        "ends": list(ends),
        "fitting": fitness["percentage_of_fitting_traces"],
        "unexplained": [list(pair) for pair in set(seen["dfg"]) - model["sequence"] - model["parallel"]],
        "visible": sorted({transition.label for transition in net.transitions if transition.label}),
    }


def of_objects(path: str) -> dict[str, Any]:
    """The types of objects and events, and which objects share an event in a discovered object-centric graph."""
    log = pm4py.read_ocel2_json(path)
    graph = pm4py.discover_ocdfg(log)
    return {
        "object_types": sorted(pm4py.ocel_get_object_types(log)),
        "events": len(log.events),
        "objects": len(log.objects),
        "activities": sorted(graph["activities"]),
    }


if __name__ == "__main__":
    print(json.dumps({"traces": of_traces(sys.argv[1]), "objects": of_objects(sys.argv[2])}))
