"""The files of tables that were sent, kept for a day so that they can be read in another way than was guessed."""

import io
from dataclasses import dataclass

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.http import HttpRequest
from openpyxl import load_workbook

from partnerships.models import Import
from sistercities.uploads import HELD, clear_held, storage_name

IN_SESSION = "tables"
"""Where the session of whoever sent a table knows its file."""

KEPT = 5
"""Files that one session knows; of an older one nobody asks any more."""


@dataclass(frozen=True)
class HeldTable:
    """The file of an import: its name in the storage and, of a workbook, the titles of its sheets."""

    held_as: str
    sheets: list[str]

    @classmethod
    def keep(cls, request: HttpRequest, import_: Import, file: File) -> None:
        """Let the file wait beside its import, for whoever sent it."""
        clear_held()
        sheets = [] if import_.encoding else _sheets(file)
        file.seek(0)
        name = default_storage.save(f"{HELD}/{storage_name('table', 'bin').rpartition('/')[2]}", file)
        cls(name, sheets).belongs_to(request, import_)

    @classmethod
    def of(cls, request: HttpRequest, import_: Import) -> "HeldTable | None":
        """The file of an import; None where it is not there (any more), or somebody else sent it."""
        known = request.session.get(IN_SESSION, {}).get(str(import_.pk))
        return cls(**known) if known and default_storage.exists(known["held_as"]) else None

    def belongs_to(self, request: HttpRequest, import_: Import) -> None:
        """Let the session know the file as that of `import_`."""
        known = request.session.get(IN_SESSION, {}) | {str(import_.pk): vars(self)}
        request.session[IN_SESSION] = dict(list(known.items())[-KEPT:])

    @property
    def content(self) -> bytes:
        """The bytes of the file."""
        with default_storage.open(self.held_as) as file:
            return file.read()


def _sheets(file: File) -> list[str]:
    file.seek(0)
    book = load_workbook(io.BytesIO(file.read()), read_only=True)
    try:
        return book.sheetnames
    finally:
        book.close()
