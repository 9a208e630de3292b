"""Whether a folder of policy is broken, said by naive means that share nothing with the checker.

Two ways, one after the other: the files are walked as plain values, with the rules of the language written down
anew; and what is left is played by brute force through the real interpreter, on a small instance of it.
"""

from tests.mutants.judge.judging import judge

__all__ = ["judge"]
