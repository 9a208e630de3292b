"""Codes about conditions and the guards made of them."""

from apflow.core.codes.code import Code

CONDITIONS = (
    Code(
        "never-true",
        "A fact is compared with something it can never be.",
        "The condition can never come out as it was meant.",
        "Compare it with one of its options, or with a value of its own kind.",
        wrong=(
            "guards:\n  is_small:\n    reason: It is too large.\n    assumed: Our own rule.\n"
            "    when:\n      fact: size\n      is_not: huge  # ←\n"
        ),
        instead="      is_not: large\n",
    ),
    Code(
        "no-items",
        "The reason has {which} in it, and the guard looks at no items.",
        "It would list nothing.",
        "Leave {which} out, or write a condition with `every:`.",
        wrong='guards:\n  is_wanted:\n    reason: "First {which}."  # ←\n',
        instead="    reason: Say when first.\n",
    ),
)
