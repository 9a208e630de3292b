"""What an e-mail says to whoever reads it, without the addresses it links to: their random parts can spell a name."""

import re

_ADDRESS = re.compile(r"https?://[^\s\"<]+")


def said_in(*parts: str) -> str:
    """The words of these parts."""
    return _ADDRESS.sub("", "\n".join(parts))
