"""What a file is called: only ever shown to people and offered on download, never used as a path."""

import re
import unicodedata

NAME_LIMIT = 150
_NOT_IN_NAMES = re.compile(r'[<>:"|?*]')  # Windows refuses these when the file is saved again.


def clean_name(raw: str) -> str:
    """The name without its folders, or anything that would show it as other than it is; at most NAME_LIMIT long."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", raw))[-1]
    shown = "".join(_shown(character) for character in last)
    stem, extension = split_name(_NOT_IN_NAMES.sub("-", " ".join(shown.split())))
    stem = stem.strip(" .") or "file"
    extension = extension[:20]
    return stem[: NAME_LIMIT - len(extension)].rstrip(" .") + extension


def split_name(name: str) -> tuple[str, str]:
    """The name before its last full stop, and the rest in small letters; what Windows drops from the end is dropped."""
    stem, stop, extension = name.rstrip(" .").rpartition(".")
    return (stem, f".{extension.strip().lower()}") if stop else (extension, "")


def _shown(character: str) -> str:
    """Control, bidirectional, invisible and unassigned characters can make `fdp.exe` read `exe.pdf`: they go."""
    category = unicodedata.category(character)
    if category in ("Zs", "Zl", "Zp") or character in "\t\r\n":
        return " "
    return "" if category.startswith("C") else character
