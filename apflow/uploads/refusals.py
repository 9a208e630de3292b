"""Why a file is not taken; each message says how to mend it."""

from apflow.core.errors import Invalid
from apflow.store.driver.faults import StoreUnavailable

SIZE_LIMIT = 20 * 1024 * 1024
WANTED = "a PDF, Word (DOCX), JPEG or PNG file"


class FileRefused(Invalid):
    """The file cannot be taken."""

    code = "file-refused"

    def __init__(self, message: str) -> None:
        super().__init__({"file": message})


class FileTooLarge(FileRefused):
    """The file is larger than we take."""

    code = "file-too-large"

    def __init__(self) -> None:
        super().__init__(
            "The file must be 20 MB or smaller. Send it in parts, or make a smaller copy: "
            "scan at a lower quality, or make the pictures in it smaller."
        )


class FilesUnavailable(StoreUnavailable):
    """Files cannot be kept at the moment. Nothing has been changed; try again later."""
