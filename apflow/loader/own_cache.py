"""Where a command keeps what it can make again: in the cache of whoever runs it, where nobody else can write."""

import os
import sys
from pathlib import Path

_OWN_ALONE = 0o700


def own_cache(kind: str, cache: Path | None = None) -> Path | None:
    """The folder for what is kept of this kind, made if need be; None where nothing can be kept.

    Without `cache` it lies in the `apflow` in the cache of whoever runs this. One that somebody else owns is not used.
    """
    if sys.platform == "win32":
        return None  # Nothing there says who could have written in it.
    own = Path(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"))
    if cache is None and not own.parent.is_dir():
        return None  # Whoever runs this has no home.
    kept = (cache or own / "apflow") / kind
    try:
        kept.mkdir(parents=True, exist_ok=True)
        if kept.stat().st_uid != os.geteuid():
            return None
        kept.chmod(_OWN_ALONE)
    except OSError:
        return None
    return kept
