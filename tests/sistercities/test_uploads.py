"""What is taken and what is refused, by content, and what is made of what is taken."""

import io
import subprocess
import sys

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import override
from PIL import Image

from sistercities import inspection, uploads
from sistercities.uploads import REASONS, examine
from tests.files import GPS, HONEST, HOSTILE, MAKER, image, office, pdf, photo


def upload(content: bytes, name: str = "file.pdf"):
    """The file as a form gets it, looked into."""
    return examine(ContentFile(content, name=name), name)


def refused(content: bytes, name: str = "file.pdf") -> ValidationError:
    """The error with which the file is refused."""
    with pytest.raises(ValidationError) as caught:
        upload(content, name)
    return caught.value


@pytest.mark.parametrize("ending", HONEST)
def test_honest_file_is_taken(ending):
    content, media_type = HONEST[ending]

    accepted = upload(content, f"Agreement of 1403.{ending}")

    assert (accepted.media_type, accepted.name) == (media_type, f"Agreement of 1403.{ending}")
    assert accepted.size == len(content)
    with accepted.open() as file:
        assert file.read() == content


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file_is_refused(name):
    named, content, code = HOSTILE[name]

    assert refused(content, named).code == code


@pytest.mark.parametrize("language", ["fa", "en"])
@pytest.mark.parametrize("code", REASONS)
def test_every_reason_is_a_sentence_in_both_languages(code, language):
    params = {"size": "1", "limit": "2", "ending": "exe", "first": "jpg", "last": "pdf", "pixels": "80"}
    with override(language):
        (message,) = ValidationError(REASONS[code], params=params).messages
    assert message.endswith(".")
    assert any("\u0600" <= letter <= "\u06ff" for letter in message) == (language == "fa")


def test_file_over_the_limit_is_refused(settings):
    settings.UPLOAD_BYTES = 1024**2

    error = refused(image("PNG") + bytes(3 * 1024**2))

    assert error.messages == ["The file has 3 MB. Files of up to 1 MB are taken."] or error.code == "too_large"


@pytest.mark.parametrize(
    ("name", "offered"),
    [
        ("پیمان تبریز و کازان.PDF", "پیمان تبریز و کازان.pdf"),
        ("scan.docx", "scan.pdf"),
        ("C:\\Users\\a\\scan.pdf", "scan.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("نامه شماره ۱۲. نهایی.pdf", "نامه شماره ۱۲. نهایی.pdf"),
        ('a"b<c>:d|e?.pdf', "abcde.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie x.pdf"),
        (".pdf", "file.pdf"),
        ("x" * 300 + ".pdf", "x" * 120 + ".pdf"),
    ],
)
def test_name_is_offered_with_the_ending_of_the_content(name, offered):
    assert upload(pdf(), name).name == offered


def test_pages_are_counted():
    assert [upload(HONEST[ending][0], f"a.{ending}").pages for ending in ("pdf", "pptx", "docx")] == [2, 2, None]


def test_image_is_given_out_upright_and_without_what_the_camera_wrote():
    content = photo(turned=True)
    assert MAKER.encode() in content

    accepted = upload(content, "photo.jpg")

    assert (accepted.width, accepted.height) == (400, 640)
    with Image.open(io.BytesIO(accepted.rendition)) as rendition:
        assert (rendition.size, dict(rendition.getexif()), rendition.getexif().get_ifd(GPS)) == ((400, 640), {}, {})
    assert MAKER.encode() not in accepted.rendition + accepted.thumbnail
    with accepted.open() as file:
        assert file.read() == content


def test_large_image_is_made_smaller_for_everybody():
    accepted = upload(image("PNG", (5_000, 1_000)), "wide.png")

    sizes = [Image.open(io.BytesIO(content)).size for content in (accepted.rendition, accepted.thumbnail)]
    assert sizes == [(2_560, 512), (480, 96)]


def test_transparent_image_is_laid_on_white():
    file = io.BytesIO()
    Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(file, "PNG")

    accepted = upload(file.getvalue(), "logo.png")

    with Image.open(io.BytesIO(accepted.rendition)) as rendition:
        assert rendition.getpixel((4, 4)) == (255, 255, 255)


def test_first_page_of_a_pdf_is_drawn():
    with Image.open(io.BytesIO(upload(pdf()).thumbnail)) as drawn:
        assert (drawn.format, drawn.size) == ("WEBP", (340, 480))


def test_office_file_has_no_thumbnail():
    accepted = upload(office(), "a.docx")

    assert (accepted.thumbnail, accepted.rendition) == (b"", b"")


def test_file_that_takes_too_long_is_refused(monkeypatch):
    monkeypatch.setattr(uploads, "WAIT_SECONDS", 0.001)

    assert refused(pdf()).code == "too_complex"


def test_page_that_cannot_be_drawn_is_still_a_page(tmp_path):
    (tmp_path / "a.pdf").write_bytes(pdf())
    (tmp_path / "thumbnail.webp").mkdir()  # nothing can be written there

    command = [sys.executable, "-I", inspection.__file__, str(tmp_path / "a.pdf"), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, check=False)

    assert (done.returncode, done.stdout) == (
        1,
        b'{"media_type": "application/pdf", "pages": 2, "width": null, "height": null}',
    )
