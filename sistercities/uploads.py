"""Files that people send: what is taken, what is refused and why, where it is kept, and how it is given out.

A file is looked into by another process (see sistercities/inspection.py), and lies in the storage under a name that
is made up here. Its own name is only ever shown and offered; its type follows from its content.
"""

import hashlib
import json
import logging
import os
import re
import subprocess
import sys
import tempfile
import uuid
import weakref
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sistercities import inspection
from sistercities.inspection import ENDINGS, IMAGES
from sistercities.text import clean_text, number

logger = logging.getLogger(__name__)

WAIT_SECONDS = 30
"""How long the look into a file may take, however busy the machine is."""

HELD_FOR = timedelta(days=1)
"""How long a file waits that was accepted while something else in its form was not."""

HELD = "held"
"""The folder of the storage in which such files wait."""

PREVIEWED = frozenset({"image/jpeg", "image/png", "image/webp"})
"""Types that a browser shows at once. All others are saved first: a sandbox shows no PDF."""

KINDS = {
    inspection.PDF: _("PDF"),
    inspection.JPEG: _("JPEG image"),
    inspection.PNG: _("PNG image"),
    inspection.WEBP: _("WebP image"),
    inspection.TIFF: _("TIFF image"),
    inspection.DOCX: _("Word document"),
    inspection.XLSX: _("Excel workbook"),
    inspection.PPTX: _("PowerPoint presentation"),
    inspection.ODT: _("OpenDocument text"),
    inspection.ODS: _("OpenDocument spreadsheet"),
    inspection.ODP: _("OpenDocument presentation"),
}
"""The types that are taken, in words."""

REASONS = {
    "empty": _("The file is empty: it has 0 bytes. Choose it again, or ask its sender for it."),
    "too_large": _("The file has %(size)s. Files of up to %(limit)s are taken."),
    "name_program": _("A name with “.%(ending)s” in it belongs to a program or a web page. Rename the file."),
    "two_endings": _("The name has two endings, “.%(first)s” and “.%(last)s”: it says two things. Rename the file."),
    "unknown": _("This is none of the types that are taken: PDF, JPEG, PNG, WebP, TIFF, Word, Excel, PowerPoint, ODF."),
    "not_an_image": _("This is no picture. Choose a JPEG, PNG, WebP or TIFF file."),
    "html": _("This is a web page, whatever its name says. Print it to a PDF and choose that."),
    "svg": _("This is an SVG drawing, which can carry programs. Save it as PNG or PDF and choose that."),
    "program": _("This is a program, or it carries one. Programs are not taken."),
    "archive": _("This is a packed archive. Unpack it and choose the files in it, one by one."),
    "film": _("This is a film or a recording. Only documents and pictures are taken."),
    "heic": _("This is a HEIC photo. Save it as JPEG and choose that."),
    "other_image": _("This kind of picture is not taken. Save it as JPEG or PNG and choose that."),
    "old_office": _("This is an office file of an old kind. Save it as .docx, .xlsx, .pptx or PDF and choose that."),
    "other_office": _("This kind of office file is not taken. Save it as a document, a workbook, slides or a PDF."),
    "macros": _("This office file carries macros, which are programs. Save it without them and choose that."),
    "loads_elsewhere": _("This office file fetches a part of itself from another machine. Save it as PDF."),
    "encrypted": _("The file is protected by a password, so nobody can look into it. Save it without one."),
    "damaged": _("The file is damaged and cannot be read to its end. Open it, save it anew and choose that."),
    "two_in_one": _("The file is two things in one: something else is hidden in it or follows after its end."),
    "bomb": _("Unpacked, this file would grow beyond measure. Such files are not taken."),
    "too_many_pixels": _("The picture has too many pixels: at most %(pixels)s million are taken. Save it smaller."),
    "too_many_pages": _("The file has too many pages. Divide it."),
    "page_tree": _(
        "The pages of this PDF are not in order: it says one thing and holds another. Print it anew to PDF."
    ),
    "pdf_program": _("This PDF carries a program or a form with one. Print it anew to a PDF and choose that."),
    "pdf_attachment": _("This PDF carries another file inside. Choose the two as two documents."),
    "too_complex": _("Looking into the file took too much time or memory. Save it in a simpler way, as a PDF."),
}
"""Why a file is refused, by the code of the refusal; each says what can be done."""

NEVER_IN_NAMES = frozenset(
    "app asp aspx bat chm cmd cpl dll dmg docm dotm exe hta htm html iso jar js jse jsp lnk mht mhtml msi msp phar php "
    "phtml pif pptm ps1 reg scr shtml svg swf vbe vbs wsf xhtml xlsm".split()
)
"""Endings of programs and web pages: a name that has one, even in its middle, wants to be taken for something else."""

KNOWN_ENDINGS = {ending: kind for kind, ending in ENDINGS.items()} | {"jpeg": inspection.JPEG, "tiff": inspection.TIFF}

LONGEST_NAME = 120
"""Characters of a file's name without its ending."""


def refusal(code: str, **params: Any) -> ValidationError:
    """The error that says why a file is refused."""
    return ValidationError(REASONS[code], code=code, params=params)


def in_words(size: int) -> str:
    """A number of bytes as people say it: "812 KB", "1.2 MB"."""
    if size < 1024:
        return gettext("%(count)s bytes") % {"count": number(size)}
    if size < 1024**2:
        return gettext("%(count)s KB") % {"count": number(round(size / 1024))}
    megabytes = size / 1024**2
    return gettext("%(count)s MB") % {"count": number(round(megabytes) if megabytes >= 10 else round(megabytes, 1))}


# --- Taking a file ---------------------------------------------------------------------------------------------


class LimitedUpload(TemporaryFileUploadHandler):
    """Django's handler, which writes no more to the disk than the limit; the size it tells is the true one."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep what still is within the limit."""
        if start + len(raw_data) <= settings.UPLOAD_BYTES:
            super().receive_data_chunk(raw_data, start)


class Copy:
    """A copy of a file on this machine, at `path`, which is there as long as this."""

    def __init__(self, file: File) -> None:
        handle, self.path = tempfile.mkstemp()
        weakref.finalize(self, os.unlink, self.path)
        with open(handle, "wb") as copy:
            for chunk in file.chunks():
                copy.write(chunk)


@dataclass(frozen=True)
class Sent:
    """A file that was just sent, which is on this machine at `path` until its request is answered."""

    file: UploadedFile

    @property
    def path(self) -> str:
        """Where it lies."""
        return self.file.temporary_file_path()


@dataclass
class Accepted:
    """A file that was looked into and is taken. `source` is where its bytes are."""

    source: Copy | Sent
    name: str
    """As it is offered to readers: the name it came with, and the ending of its content."""
    media_type: str
    size: int
    sha256: str
    pages: int | None
    width: int | None
    height: int | None
    thumbnail: bytes
    """A small picture (WebP), empty where none could be drawn."""
    rendition: bytes
    """Of an image the picture alone (JPEG), upright, without anything about where, when and with what it was taken."""
    held_as: str = ""
    """Its name in the storage, if it was waiting there."""

    @property
    def rendition_sha256(self) -> str:
        """The checksum of the rendition; "" without one."""
        return hashlib.sha256(self.rendition).hexdigest() if self.rendition else ""

    def open(self) -> File:
        """The bytes, from the beginning."""
        return File(open(self.source.path, "rb"))


def examine(file: File, name: str, kinds: Iterable[str] = ENDINGS) -> Accepted:
    """Look into a file that came under `name`. Raises ValidationError when it is refused."""
    if file.size > settings.UPLOAD_BYTES:
        raise refusal("too_large", size=in_words(file.size), limit=in_words(settings.UPLOAD_BYTES))
    if not file.size:
        raise refusal("empty")
    endings = _endings(name)
    if never := next((ending for ending in endings if ending in NEVER_IN_NAMES), None):
        raise refusal("name_program", ending=never)
    source = Sent(file) if hasattr(file, "temporary_file_path") else Copy(file)
    facts, thumbnail, rendition = look_into(Path(source.path))
    media_type = facts.pop("media_type")
    if media_type not in kinds:
        raise refusal("not_an_image")
    for ending in endings[:-1]:
        if KNOWN_ENDINGS.get(ending, media_type) != media_type:
            raise refusal("two_endings", first=ending, last=endings[-1])
    with open(source.path, "rb") as opened:
        checksum = hashlib.file_digest(opened, "sha256").hexdigest()
    return Accepted(
        source=source,
        name=_offered(name, ENDINGS[media_type]),
        media_type=media_type,
        size=file.size,
        sha256=checksum,
        thumbnail=thumbnail,
        rendition=rendition,
        **facts,
    )


def _endings(name: str) -> list[str]:
    """What follows the points of a name that can be endings: letters and digits, as few as endings have."""
    parts = [part.strip() for part in clean_text(name).lower().split(".")[1:]]
    return [part for part in parts if re.fullmatch("[a-z0-9]{1,5}", part)]


def _offered(name: str, ending: str) -> str:
    """The name under which a file is offered, whatever system it came from and goes to."""
    stem = re.sub(r"\s+", " ", re.sub(r'[<>:"|?*%]', "", clean_text(re.split(r"[\\/]", name)[-1])))
    base, _point, last = stem.rpartition(".")
    stem = (base if last.lower() in KNOWN_ENDINGS else stem).strip(". ")[:LONGEST_NAME].strip()
    return f"{stem or 'file'}.{ending}"


def look_into(path: Path) -> tuple[dict[str, Any], bytes, bytes]:
    """What the other process says of the file: the facts, a thumbnail and, of an image, its rendition."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-I", inspection.__file__, str(path), folder]
        try:
            told = subprocess.run(command, capture_output=True, timeout=WAIT_SECONDS, check=False, env={}).stdout
        except subprocess.TimeoutExpired as late:
            told = late.stdout or b""
        try:
            facts = json.loads(told)
        except ValueError:
            raise refusal("too_complex") from None
        if code := facts.get("refused"):
            raise refusal(code, pixels=number(inspection.PIXELS_AT_MOST // 1_000_000))
        pictures = (Path(folder) / name for name in ("thumbnail.webp", "rendition.jpg"))
        thumbnail, rendition = (picture.read_bytes() if picture.exists() else b"" for picture in pictures)
        return facts, thumbnail, rendition


# --- Keeping it ------------------------------------------------------------------------------------------------


def storage_name(folder: str, ending: str) -> str:
    """A name that says nothing and is nobody else's, as in "documents/3f/3fa9….pdf"."""
    made = uuid.uuid4().hex
    return f"{folder}/{made[:2]}/{made}.{ending}"


def forget(names: Iterable[str]) -> None:
    """Remove files from the storage; one that is gone already is no matter."""
    for name in filter(None, names):
        with suppress(FileNotFoundError):
            default_storage.delete(name)


# --- Holding one whose form is not right yet -------------------------------------------------------------------


def hold(accepted: Accepted, holder: Any) -> str:
    """Let an accepted file wait for `holder` (a user); the text by which the form finds it again."""
    clear_held()
    if not accepted.held_as:
        with accepted.open() as content:
            accepted.held_as = default_storage.save(f"{HELD}/{uuid.uuid4().hex}", content)
    return signing.dumps({"as": accepted.held_as, "name": accepted.name, "by": holder.pk}, salt=HELD, compress=True)


def held_name(token: str, holder: Any) -> str:
    """The name of the file that waits for `holder` under `token`; "" if none does."""
    return _held(token, holder).get("name", "")


def _held(token: str, holder: Any) -> dict[str, Any]:
    try:
        known = signing.loads(token, salt=HELD, max_age=HELD_FOR)
    except signing.BadSignature:
        return {}
    is_there = holder is not None and known["by"] == holder.pk and default_storage.exists(known["as"])
    return known if is_there else {}


def take_up(token: str, holder: Any, kinds: Iterable[str] = ENDINGS) -> Accepted:
    """The file that waits for `holder` under `token`. Raises ValidationError if it waits no longer."""
    known = _held(token, holder)
    if not known:
        raise ValidationError(_("The file that waited here is not there any more. Choose it again."), code="not_held")
    with default_storage.open(known["as"]) as file:
        accepted = examine(file, known["name"], kinds)
    accepted.held_as = known["as"]
    return accepted


def held_files() -> list[str]:
    """The names in the storage of the files that wait."""
    try:
        return [f"{HELD}/{name}" for name in default_storage.listdir(HELD)[1]]
    except FileNotFoundError:
        return []


def clear_held() -> None:
    """Forget what has waited too long."""
    last = timezone.now() - HELD_FOR
    for name in held_files():
        with suppress(FileNotFoundError):
            if default_storage.get_modified_time(name) < last:
                default_storage.delete(name)


# --- In a form -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Chosen:
    """A file as it stands in a form: one that was sent just now, or the text by which one that waits is found."""

    file: UploadedFile | None = None
    token: str = ""

    @property
    def typed(self) -> str:
        """Its name, as what was typed is told."""
        return self.file.name if self.file else ""

    def __bool__(self) -> bool:
        return bool(self.file or self.token)


class UploadInput(forms.Widget):
    """The box by which a file is chosen, and what waits already."""

    template_name = "staff/includes/upload_input.html"
    needs_multipart_form = True
    holder: Any = None
    token = ""
    accept = ""

    def get_context(self, name: str, value: Chosen | None, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        token = self.token or (value.token if value else "")
        held = held_name(token, self.holder) if token else ""
        context["widget"] |= {"token": token if held else "", "held": held, "accept": self.accept}
        context["widget"]["attrs"].pop("required", None)  # a browser does not see what waits
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Chosen:
        return Chosen(files.get(name), str(data.get(f"{name}_held") or ""))

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in files and f"{name}_held" not in data


class UploadField(forms.Field):
    """A file; the value is `Accepted`. `for_person` has to say first whose form it is."""

    widget = UploadInput
    default_error_messages = {"required": _("Choose a file.")}

    def __init__(self, *, kinds: Iterable[str] = ENDINGS, **kwargs: Any) -> None:
        self.kinds = tuple(kinds)
        super().__init__(**kwargs)
        self.widget.accept = ",".join(f".{ending}" for ending, kind in KNOWN_ENDINGS.items() if kind in self.kinds)
        self.help_text = self.help_text or _taken_in_words(set(self.kinds) <= set(IMAGES))

    def for_person(self, holder: Any) -> None:
        """Let the field find the files that wait for `holder`, a user."""
        self.widget.holder = holder

    def to_python(self, value: Chosen | None) -> Accepted | None:
        """Raises ValidationError with the reason when the file is refused."""
        if not value:
            return None
        if value.file:
            return examine(value.file, value.file.name, self.kinds)
        return take_up(value.token, self.widget.holder, self.kinds)

    def keep_waiting(self, accepted: Accepted) -> None:
        """Let the file wait while something else in the form is put right."""
        self.widget.token = hold(accepted, self.widget.holder)

    def has_changed(self, initial: Any, data: Chosen | None) -> bool:
        """Whether there is a file."""
        return bool(data)


def _taken(are_pictures: bool) -> str:
    sentence = (
        gettext("JPEG, PNG, WebP or TIFF, up to %(limit)s.")
        if are_pictures
        else gettext("PDF, JPEG, PNG, WebP, TIFF, Word, Excel, PowerPoint or OpenDocument, up to %(limit)s.")
    )
    return sentence % {"limit": in_words(settings.UPLOAD_BYTES)}


_taken_in_words = lazy(_taken, str)


# --- Giving it out ---------------------------------------------------------------------------------------------

SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"
"""The content security policy of a file: it runs nothing, loads nothing and belongs to no site."""


def give_out(
    request: HttpRequest, name: str, media_type: str, mark: str, *, offered: str = "", is_public: bool = False
) -> HttpResponse:
    """The file that lies in the storage as `name`; `mark` (a checksum) tells one state of it from another.

    Raises Http404 for one that is not there (any more): `manage.py check_files` finds what is lost. `offered` is
    the name under which a browser saves it; without one, and for pictures, the browser shows it.
    """
    etag = f'"{mark}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        is_saved = bool(offered) and media_type not in PREVIEWED
        try:
            file = default_storage.open(name)
        except FileNotFoundError as error:
            logger.error("The storage has lost %s.", name)
            raise Http404 from error
        response = FileResponse(file, content_type=media_type, as_attachment=is_saved, filename=offered)
        # What is compressed already is sent as it is, so that its length is known.
        request.META.pop("HTTP_ACCEPT_ENCODING", None)
    response["ETag"] = etag
    response["Cache-Control"] = "public, no-cache" if is_public else "private, no-store"
    response["Content-Security-Policy"] = SANDBOX
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    if not is_public:
        response["X-Robots-Tag"] = "noindex"
    return response
