"""Compares the uploaded files with what the register says of them."""

import hashlib
from collections.abc import Iterator
from typing import Any

from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from partnerships.models import DocumentVersion
from sistercities.uploads import HELD_FOR, clear_held, forget

FOLDER = "documents"


class Command(BaseCommand):
    """Read every file once and compare its checksum; tell what is missing, what has changed and what nothing names.

    A file is written before the row that names it, so a stopped process can leave one that nothing names. Only what
    has lain there for a day counts: a younger one may belong to a form that is being saved at this moment.
    """

    help = "Check every uploaded file against its checksum; list files that are missing, changed or orphaned."

    def add_arguments(self, parser: CommandParser) -> None:
        """What else may be done."""
        parser.add_argument("--delete-orphans", action="store_true", help="delete files that no record names")

    def handle(self, *args: Any, **options: Any) -> None:
        """Tell each fault on a line of its own, then the counts. Raises CommandError when a file is lost or changed."""
        clear_held()
        checksums: dict[str, str] = {}
        for version in DocumentVersion.objects.order_by("pk").iterator():
            checksums |= dict.fromkeys(version.stored_names, "") | version.checksums
        missing = [name for name in checksums if not default_storage.exists(name)]
        changed = [name for name, sum_ in checksums.items() if sum_ and name not in missing and checksum(name) != sum_]
        orphans = [name for name in stored(FOLDER) if name not in checksums and is_old(name)]
        for fault, names in (("missing", missing), ("changed", changed), ("orphaned", orphans)):
            for name in names:
                self.stdout.write(f"{fault}: {name}")
        self.stdout.write(
            f"{len(checksums)} files named: {len(missing)} missing, {len(changed)} changed. {len(orphans)} orphaned"
            + (", deleted." if options["delete_orphans"] else ".")
        )
        if options["delete_orphans"]:
            forget(orphans)
        if missing or changed:
            raise CommandError("Bring these files back from a backup.")


def checksum(name: str) -> str:
    """The SHA-256 of a stored file."""
    digest = hashlib.sha256()
    with default_storage.open(name) as file:
        for chunk in file.chunks():
            digest.update(chunk)
    return digest.hexdigest()


def stored(folder: str) -> Iterator[str]:
    """The names of all files in a folder of the storage and in the folders below it."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}/{name}" for name in sorted(files))
    for name in sorted(folders):
        yield from stored(f"{folder}/{name}")


def is_old(name: str) -> bool:
    """Whether a stored file was written more than a day ago."""
    return default_storage.get_modified_time(name) < timezone.now() - HELD_FOR
