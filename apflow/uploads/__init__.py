"""Files that people send: taken in a piece at a time, checked by what is in them, kept outside the web root.

The bytes are on disk and synced before the row that names them is committed, and the row before a case refers to it;
so a crash between any two steps leaves something to sweep, and never a reference to a file that is not there.
"""

from apflow.uploads.folder import Staged, Staging, Uploads
from apflow.uploads.refusals import SIZE_LIMIT, FileRefused, FilesUnavailable, FileTooLarge

__all__ = ["SIZE_LIMIT", "FileRefused", "FileTooLarge", "FilesUnavailable", "Staged", "Staging", "Uploads"]
