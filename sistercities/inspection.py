"""What an uploaded file is, by its content alone, and whether it could harm whoever opens it.

A program of its own that knows nothing of the site: `python inspection.py FILE FOLDER` prints one line of JSON, the
facts or the reason of a refusal, and leaves the pictures it made in FOLDER. The site runs it as another process with
little time and memory, so that whatever a file does to it, it does not do to the site.
"""

import json
import re
import sys
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

CPU_SECONDS = 20
MEMORY_BYTES = 2 * 1024**3
WRITTEN_BYTES = 64 * 1024**2
"""What the process may use: far more than any honest file needs."""

PIXELS_AT_MOST = 80_000_000
"""Of an image: a sheet of A3 scanned at 600 dots to the inch has 70 million."""

FRAMES_AT_MOST = 500
"""Pages of a TIFF."""

PAGES_AT_MOST = 5_000
OBJECTS_AT_MOST = 250_000
DEPTH_AT_MOST = 40
"""Of a PDF: pages, objects, and levels of its tree of pages."""

ENTRIES_AT_MOST = 5_000
UNPACKED_AT_MOST = 400 * 1024**2
RATIO_AT_MOST = 200
SMALL_ENTRY = 8 * 1024**2
"""Of an office file: parts, their size together, and how tightly one larger than SMALL_ENTRY may be packed."""

RENDITION_EDGE = 2_560
"""The longer side of the image that everybody gets: it fills a large screen and prints on A4."""

THUMBNAIL_EDGE = 480
"""The longer side of a thumbnail, drawn at half of it."""

PDF, DOCX, XLSX, PPTX, ODT, ODS, ODP = (
    "application/pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "application/vnd.oasis.opendocument.text",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.oasis.opendocument.presentation",
)
JPEG, PNG, WEBP, TIFF = "image/jpeg", "image/png", "image/webp", "image/tiff"

ENDINGS = {
    PDF: "pdf",
    JPEG: "jpg",
    PNG: "png",
    WEBP: "webp",
    TIFF: "tif",
    DOCX: "docx",
    XLSX: "xlsx",
    PPTX: "pptx",
    ODT: "odt",
    ODS: "ods",
    ODP: "odp",
}
"""The types that are taken, each with the ending that its files get."""

IMAGES = {JPEG: "JPEG", PNG: "PNG", WEBP: "WEBP", TIFF: "TIFF"}
"""The images among them, each with the name by which Pillow reads it and nothing else."""

ACTIVE_TEXT = re.compile(rb"<(?:!doctype\s+html|html|script|svg|iframe|object|embed|\?php)[\s>/:]", re.IGNORECASE)
"""Markup that a browser or a server might run, wherever it stands in a file that is none."""


PROGRAM_MARKS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xfe\xed\xfa\xcf")
"""How programs begin: of Windows, of Linux, of an interpreter, of Java and of macOS."""


class Refusal(Exception):
    """The file is not taken. `code` is the reason, which the site puts into words."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass
class Facts:
    """What a file is: its type, and its pages, width and height as far as it has any."""

    media_type: str
    pages: int | None = None
    width: int | None = None
    height: int | None = None


def inspect(path: Path, folder: Path) -> Facts:
    """What the file at `path` is. An image's `rendition.jpg` is left in `folder`. Raises Refusal."""
    with path.open("rb") as file:
        head = file.read(1024)
    if not head:
        raise Refusal("empty")
    if head.startswith(b"%PDF-"):
        return _pdf(path, head)
    if head.startswith(b"PK\3\4"):
        return _office(path)
    for media_type, begins in (
        (JPEG, head.startswith(b"\xff\xd8\xff")),
        (PNG, head.startswith(b"\x89PNG\r\n\x1a\n")),
        (WEBP, head[:4] == b"RIFF" and head[8:12] == b"WEBP"),
        (TIFF, head[:4] in {b"II*\0", b"MM\0*"}),
    ):
        if begins:
            return _image(path, media_type, folder)
    raise Refusal(_stranger(head, path))


def _stranger(head: bytes, path: Path) -> str:
    """Why a file of none of the types is refused: what it is, as far as its beginning says."""
    text = head.lstrip(b"\xef\xbb\xbf\0 \t\r\n").lower()
    if text.startswith((b"<?xml", b"<!--")) or re.search(rb"<svg[\s>:]", text):
        return "svg" if b"<svg" in text else "html" if b"<html" in text else "unknown"
    if head.startswith(PROGRAM_MARKS) or text.startswith(b"<?php"):
        return "program"
    if ACTIVE_TEXT.search(text):
        return "html"
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        # The same container holds the office files of before 2007 and today's behind a password.
        name = "EncryptedPackage".encode("utf-16-le")
        return "encrypted" if name in path.read_bytes() else "old_office"
    if head[4:8] == b"ftyp":
        return "heic" if head[8:12] in {b"heic", b"heix", b"mif1", b"msf1", b"hevc", b"heim"} else "film"
    if head.startswith((b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"PK")):
        return "archive"
    if head.startswith((b"GIF8", b"BM")):
        return "other_image"
    return "old_office" if head.startswith(b"{\\rtf") else "unknown"


# --- PDF -------------------------------------------------------------------------------------------------------


def _pdf(path: Path, head: bytes) -> Facts:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    data = path.read_bytes()
    _head, mark, tail = data.rpartition(b"%%EOF")
    if not mark:
        raise Refusal("damaged")
    if tail.strip(b"\0\t\n\r \x1a") or ACTIVE_TEXT.search(head) or zipfile.is_zipfile(path):
        raise Refusal("two_in_one")
    del data, _head
    try:
        reader = PdfReader(path)
        if reader.is_encrypted:
            raise Refusal("encrypted")
        pages = _pages(reader)
        for found in _objects(reader):
            _look_for_programs(found)
    except (PyPdfError, LookupError, ValueError, TypeError, AttributeError, RecursionError, zlib.error) as error:
        raise Refusal("damaged") from error
    return Facts(PDF, pages)


def _pages(reader: Any) -> int:
    """How many pages there are, by walking their tree: what it says of itself need not be so."""
    from pypdf.generic import IndirectObject

    root = reader.trailer["/Root"]["/Pages"]
    waiting, seen, pages = [(root, 0)], set(), 0
    while waiting:
        node, depth = waiting.pop()
        kids = _value(node, "/Kids")
        if kids is None:
            pages += 1
            if pages > PAGES_AT_MOST:
                raise Refusal("too_many_pages")
            continue
        for kid in kids:
            key = kid.idnum if isinstance(kid, IndirectObject) else id(kid)
            if key in seen or depth >= DEPTH_AT_MOST:
                raise Refusal("page_tree")
            seen.add(key)
            waiting.append((kid.get_object(), depth + 1))
    if not pages:
        raise Refusal("damaged")
    if int(_value(root, "/Count")) != pages:
        raise Refusal("page_tree")
    return pages


def _value(record: Any, key: str) -> Any:
    """What a dictionary of a PDF holds under a key, be it by reference; None for nothing."""
    value = record.get(key)
    return None if value is None else value.get_object()


def _objects(reader: Any) -> Iterator[Any]:
    """Every object of the file, one after the other, whether or not a page leads to it."""
    from pypdf.errors import PdfReadError
    from pypdf.generic import IndirectObject

    keys = {(number, generation) for generation, numbers in reader.xref.items() for number in numbers}
    keys |= {(number, 0) for number in reader.xref_objStm}
    if len(keys) > OBJECTS_AT_MOST:
        raise Refusal("too_complex")
    for number, generation in sorted(keys):
        try:
            yield reader.get_object(IndirectObject(number, generation, reader))
        except PdfReadError:
            continue  # a number that leads nowhere: nothing can be reached by it


PROGRAMS = frozenset({"/JavaScript", "/Launch", "/RichMedia", "/ImportData", "/Rendition", "/Movie"})
"""What an action or an annotation of a PDF must not be."""


def _look_for_programs(found: Any) -> None:
    """Raise Refusal when an object of a PDF runs something or carries another file."""
    waiting = [found]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            kinds = {str(_value(one, "/S")), str(_value(one, "/Subtype"))}
            if kinds & PROGRAMS or "/JS" in one or "/XFA" in one:
                raise Refusal("pdf_program")
            if "/EF" in one or "/EmbeddedFiles" in one:
                raise Refusal("pdf_attachment")
            waiting.extend(value for value in one.values() if isinstance(value, (dict, list)))
        elif isinstance(one, list):
            waiting.extend(value for value in one if isinstance(value, (dict, list)))


def draw_first_page(path: Path, folder: Path) -> None:
    """Leave a picture of a PDF's first page in `folder` as `thumbnail.webp`."""
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    page = document[0]
    bitmap = page.render(scale=THUMBNAIL_EDGE / max(page.get_size()))
    bitmap.to_pil().convert("RGB").save(folder / "thumbnail.webp", quality=75, method=6)


# --- Images ----------------------------------------------------------------------------------------------------


def _image(path: Path, media_type: str, folder: Path) -> Facts:
    """Also leaves `rendition.jpg` in `folder`: the picture alone, upright, without anything that came with it."""
    from PIL import Image, ImageOps

    data = path.read_bytes()
    if ACTIVE_TEXT.search(data) or b"%PDF-" in data[:1024] or zipfile.is_zipfile(path):
        raise Refusal("two_in_one")
    del data
    Image.MAX_IMAGE_PIXELS = None  # the limit is ours, and refuses instead of warning
    try:
        with Image.open(path, formats=[IMAGES[media_type]]) as image:
            width, height = image.size
            if width * height > PIXELS_AT_MOST:
                raise Refusal("too_many_pixels")
            pages = getattr(image, "n_frames", 1) if media_type == TIFF else None
            if pages and pages > FRAMES_AT_MOST:
                raise Refusal("too_many_pages")
            image.draft("RGB", (RENDITION_EDGE, RENDITION_EDGE))
            turned = image.getexif().get(0x0112, 1) in {5, 6, 7, 8}
            profile = image.info.get("icc_profile")
            image.load()
            image.thumbnail((RENDITION_EDGE, RENDITION_EDGE), reducing_gap=3)  # first, since the rest makes copies
            picture = _in_plain_colours(ImageOps.exif_transpose(image), profile)
    except (OSError, SyntaxError, ValueError, TypeError, KeyError, EOFError, zlib.error, Image.DecompressionBombError):
        raise Refusal("damaged") from None
    picture.save(folder / "rendition.jpg", quality=86, progressive=True, optimize=True)
    if turned:
        width, height = height, width
    return Facts(media_type, pages, width, height)


def _in_plain_colours(picture: Any, profile: bytes | None) -> Any:
    """The picture in sRGB on white, with nothing of its own left but the pixels."""
    import io

    from PIL import Image, ImageCms

    if picture.mode in {"RGB", "CMYK"} and profile:
        try:
            own, plain = ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB")
            picture = ImageCms.profileToProfile(picture, own, plain, outputMode="RGB")
        except ImageCms.PyCMSError:
            pass  # a profile that is none changes nothing
    if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
        picture = picture.convert("RGBA")
        ground = Image.new("RGB", picture.size, "white")
        ground.paste(picture, mask=picture.getchannel("A"))
        return ground
    bare = Image.new("RGB", picture.size)
    bare.paste(picture.convert("RGB"))
    return bare


def draw_small(folder: Path) -> None:
    """Leave a small picture of the rendition in `folder` as `thumbnail.webp`."""
    from PIL import Image

    with Image.open(folder / "rendition.jpg") as image:
        image.thumbnail((THUMBNAIL_EDGE, THUMBNAIL_EDGE), reducing_gap=3)
        image.save(folder / "thumbnail.webp", quality=75, method=6)


# --- Office files ----------------------------------------------------------------------------------------------

OOXML = {
    b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": DOCX,
    b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": XLSX,
    b"application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml": PPTX,
}
"""By what the list of an office file's parts calls the main one."""

MACROS = re.compile(r"vbaproject|vbadata|(?:^|/)(?:activex|macrosheets|scripts|basic)/", re.IGNORECASE)
"""Names of the parts in which an office file keeps programs."""

LOADED = re.compile(r"/(?:attachedTemplate|oleObject|frame|subDocument)$")
"""Kinds of relationships by which an office program fetches a part of the file when it is opened."""

ENTITY = tuple("<!ENTITY".encode(encoding) for encoding in ("ascii", "utf-16-le", "utf-16-be"))
"""How a part defines words of its own, which can grow beyond measure."""

END_OF_ARCHIVE = 22
"""Bytes with which an archive without a comment ends."""


def _office(path: Path) -> Facts:
    try:
        with zipfile.ZipFile(path) as archive:
            return _office_in(archive, path)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError, OSError) as error:
        raise Refusal("damaged") from error


def _office_in(archive: zipfile.ZipFile, path: Path) -> Facts:
    parts = archive.infolist()
    if len(parts) > ENTRIES_AT_MOST or sum(part.file_size for part in parts) > UNPACKED_AT_MOST:
        raise Refusal("bomb")
    if any(part.file_size > max(SMALL_ENTRY, part.compress_size * RATIO_AT_MOST) for part in parts):
        raise Refusal("bomb")
    if any(part.flag_bits & 1 for part in parts):
        raise Refusal("encrypted")
    names = [part.filename for part in parts]
    if len(set(names)) < len(names) or any(_leads_out(name) for name in names):
        raise Refusal("damaged")
    media_type = _office_type(archive, set(names))
    with path.open("rb") as file:
        file.seek(-END_OF_ARCHIVE, 2)
        ends_itself = file.read(4) == b"PK\5\6"
    if not ends_itself or min(part.header_offset for part in parts):
        raise Refusal("two_in_one")
    if any(MACROS.search(name) for name in names):
        raise Refusal("macros")
    for part in parts:
        _look_into(archive, part)
    slides = sum(bool(re.fullmatch(r"ppt/slides/slide\d+\.xml", name)) for name in names)
    return Facts(media_type, slides or None)


def _leads_out(name: str) -> bool:
    """Whether unpacking a part of this name would write outside the folder it is unpacked into."""
    return name.startswith("/") or "\\" in name or ":" in name.partition("/")[0] or ".." in name.split("/")


def _office_type(archive: zipfile.ZipFile, names: set[str]) -> str:
    """Which kind of office file it is. Raises Refusal for any other archive."""
    if "mimetype" in names and "META-INF/manifest.xml" in names:
        kind = archive.read("mimetype").decode("ascii", "replace").strip()
        if b"encryption-data" in archive.read("META-INF/manifest.xml"):
            raise Refusal("encrypted")
        if kind in {ODT, ODS, ODP}:
            return kind
        raise Refusal("other_office")
    if "[Content_Types].xml" not in names:
        raise Refusal("archive")
    listed = archive.read("[Content_Types].xml")
    if b"macroenabled" in listed.lower() or b"vbaproject" in listed.lower():
        raise Refusal("macros")
    found = {kind for mark, kind in OOXML.items() if b'"%s"' % mark in listed}
    if len(found) != 1:
        raise Refusal("other_office")
    return found.pop()


def _look_into(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Read a part to its end, which also proves its size and checksum, and raise Refusal for what does harm."""
    with archive.open(part) as file:
        head = file.read(64 * 1024)
        if head.startswith(PROGRAM_MARKS):
            raise Refusal("program")
        if part.filename.lower().endswith(".rels"):
            _look_at_relationships(head + file.read())
        elif part.filename.lower().endswith(".xml") and any(mark in head for mark in ENTITY):
            raise Refusal("bomb")
        while file.read(1024 * 1024):
            pass


def _look_at_relationships(data: bytes) -> None:
    """Read the list of what a part rests on, as an office program reads it; raise Refusal for what lies elsewhere.

    Only a parser sees through other quotes, other encodings and letters written as numbers.
    """
    from xml.parsers import expat

    def begin(_name: str, attributes: dict[str, str]) -> None:
        if attributes.get("TargetMode", "").strip() == "External" and LOADED.search(attributes.get("Type", "").strip()):
            raise Refusal("loads_elsewhere")

    def refuse(*_declared: Any) -> None:
        raise Refusal("bomb")

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EntityDeclHandler = begin, refuse
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise Refusal("damaged") from error


# --- The program -----------------------------------------------------------------------------------------------


def main(path: Path, folder: Path) -> None:
    """Print what the file is, or why it is refused; then draw it small, which may fail."""
    import resource

    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (WRITTEN_BYTES, WRITTEN_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        facts = inspect(path, folder)
    except Refusal as refusal:
        sys.stdout.write(json.dumps({"refused": refusal.code}))
        return
    # Said before the picture is drawn: a page that cannot be drawn is still a page.
    sys.stdout.write(json.dumps(asdict(facts)))
    sys.stdout.flush()
    if facts.media_type == PDF:
        draw_first_page(path, folder)
    elif facts.media_type in IMAGES:
        draw_small(folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
