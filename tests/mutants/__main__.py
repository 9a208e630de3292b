"""`python -m tests.mutants`: break every policy in every way, and count what the checker reports."""

import argparse
import time

from tests.mutants.corpus import OF_A_KIND, corpus
from tests.mutants.measuring import PROCESSES, verdicts
from tests.mutants.table import counted, surprises, table


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--all", action="store_true", help="every mutation of the large policies too")
    parser.add_argument("--of-a-kind", type=int, default=OF_A_KIND, help="how many of a kind of the large policies")
    parser.add_argument("--only", default="", metavar="WORDS", help="those kinds that have these words in them")
    parser.add_argument("--subject", default="", help="of this policy only")
    parser.add_argument("--surprises", action="store_true", help="tell each mutation on which checker and judge differ")
    parser.add_argument("--processes", type=int, default=PROCESSES)
    given = parser.parse_args()
    began = time.monotonic()
    wanted = corpus(given.only, None if given.all else given.of_a_kind)
    found = []
    for verdict in verdicts([one for one in wanted if given.subject in one[0]], given.processes):
        found.append(verdict)
        if given.surprises:
            print("".join(f"{line}\n" for line in surprises([verdict])), end="", flush=True)
    print("\n".join(table(counted(found))))
    print(f"{len(found)} mutations in {time.monotonic() - began:.0f} seconds.")


if __name__ == "__main__":
    main()
