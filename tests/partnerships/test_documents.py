"""Documents: sent by the staff, kept with all their versions, read by whoever may."""

import datetime
import hashlib
import io
import os
import shutil
from urllib.parse import quote

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from PIL import Image

from partnerships.models import Document, DocumentVersion
from sistercities import uploads
from tests import factories
from tests.constraints import Case, Rule
from tests.desk import errors, fields, messages, page, say
from tests.files import HOSTILE, MAKER, image, pdf, photo
from tests.pages import Guarded, crawl

pytestmark = pytest.mark.django_db

RULES = {
    Document: [
        Rule(
            "document_belongs_to_one",
            "A document belongs to exactly one record.",
            "هر سند تنها به یک رکورد تعلق دارد.",
            {"agreement": None},
            {"resolution": lambda document: factories.resolution()},
        ),
        Rule(
            "document_kind_is_known",
            "Choose one of the kinds of document.",
            "یکی از نوع‌های سند را برگزینید.",
            {"kind": "film"},
        ),
        Rule(
            "document_of_a_city_is_a_photo",
            "Of a city there are photos alone.",
            "از شهر تنها عکس نگه داشته می‌شود.",
            {"agreement": None, "city": lambda document: factories.istanbul(), "kind": "text"},
        ),
        Rule(
            "document_public_photo_says_what_it_shows",
            "A published photo says in both languages what it shows.",
            "برای عکس منتشرشده باید به هر دو زبان نوشت که چه نشان می‌دهد.",
            {"kind": "photo", "is_public": True, "alt_fa": "", "alt_en": "Two mayors"},
            {"kind": "photo", "is_public": True, "alt_fa": "دو شهردار", "alt_en": ""},
        ),
    ],
    DocumentVersion: [
        Rule(
            "documentversion_number_once",
            "Somebody else has added this version.",
            "کسی دیگر این نسخه را افزوده است.",
            {"number": 2},
            columns="number",
        ),
        Rule("documentversion_is_not_empty", "The file is empty.", "فایل خالی است.", {"size": 0}),
    ],
}


def _version() -> Case:
    document = factories.document(agreement=factories.agreement())
    DocumentVersion.objects.create(document=document, number=2, name="b.pdf", media_type="application/pdf", size=1)
    return Case(document.versions.get(number=1), {"number": 3})


CASES = {
    Document: lambda: Case(factories.document(agreement=factories.agreement()), {}),
    DocumentVersion: _version,
}


@pytest.fixture(autouse=True)
def clean_storage(media):
    """No file of an earlier test."""
    for folder in ("documents", "held"):
        shutil.rmtree(media / folder, ignore_errors=True)


@pytest.fixture
def editor():
    """A client of somebody who may record and edit."""
    client = Guarded()
    client.force_login(factories.editor())
    return client


@pytest.fixture
def manager():
    """A client of somebody who may also publish and delete."""
    client = Guarded()
    client.force_login(factories.manager())
    return client


def add_address(owner, language="en"):
    """Where a document of `owner` is added."""
    with override(language):
        return reverse("staff:document_add", args=[owner._meta.model_name, getattr(owner, "number", "") or owner.pk])


def edit_address(document, language="en"):
    """Where a document is edited."""
    with override(language):
        return reverse("staff:document_edit", args=[document.pk])


def send(client, address, content=None, name="agreement.pdf", **typed):
    """Fill in the form at `address` as a browser does, with a file if there is content, and send it."""
    sent = fields(client.get(address)) | typed
    if content is not None:
        sent["file"] = SimpleUploadedFile(name, content)
    return client.post(address, sent)


def added(client, owner, content=None, **typed):
    """The document that a form makes."""
    response = send(client, add_address(owner), pdf() if content is None else content, **typed)
    assert response.status_code == 302, errors(response)
    return Document.objects.latest("pk")


def bytes_of(response):
    """What a file's answer holds."""
    return b"".join(response.streaming_content)


def files_in_storage():
    """The names of all uploaded files."""
    found = []
    for folder in ("documents", "held"):
        waiting = [folder]
        while waiting:
            at = waiting.pop()
            if default_storage.exists(at):
                folders, names = default_storage.listdir(at)
                waiting += [f"{at}/{one}" for one in folders]
                found += [f"{at}/{one}" for one in names]
    return set(found)


# --- Adding ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["agreement", "resolution", "milestone", "activity", "commitment"])
def test_document_is_added_to_what_it_belongs_to(editor, kind):
    agreement = factories.agreement()
    owner = {
        "agreement": lambda: agreement,
        "resolution": factories.resolution,
        "milestone": lambda: factories.milestone(agreement),
        "activity": lambda: factories.activity(agreement),
        "commitment": lambda: factories.commitment(agreement),
    }[kind]()

    document = added(editor, owner, kind="letter", title_fa="نامه", title_en="Letter", language="fa")

    assert (document.owner, document.is_public) == (owner, False)
    assert str(document.history.get().history_user) == "editor"


def test_file_lies_outside_the_web_root_under_a_name_of_no_meaning(editor, media):
    document = added(editor, factories.agreement(), name="پیمان تبریز.pdf")

    version = document.latest
    key = version.file.name.rpartition("/")[2]
    assert version.file.name == f"documents/{key[:2]}/{key}"
    assert (len(key), key[32:]) == (36, ".pdf")
    assert (media / version.file.name).read_bytes() == pdf()
    assert (version.name, version.media_type, version.pages) == ("پیمان تبریز.pdf", "application/pdf", 2)
    assert (version.size, version.sha256) == (len(pdf()), hashlib.sha256(pdf()).hexdigest())
    assert (version.number, version.uploaded_by.username) == (1, "editor")


@pytest.mark.parametrize("language", ["fa", "en"])
@pytest.mark.parametrize("name", ["HTML in a PDF’s clothing", "0 bytes", "bomb of pixels", "document with macros"])
def test_refused_file_is_told_at_the_field_in_the_readers_language(editor, language, name):
    named, content, code = HOSTILE[name]
    agreement = factories.agreement()

    response = send(editor, add_address(agreement, language), content, named, title_fa="می‌ماند")

    pixels = "۸۰" if language == "fa" else "80"
    with override(language):
        reason = str(uploads.REASONS[code]).replace("%(pixels)s", pixels)
    assert [line.partition(": ")[2] for line in errors(response)] == [reason]
    assert fields(response)["title_fa"] == ["می‌ماند"]
    assert (Document.objects.count(), files_in_storage()) == (0, set())


def test_file_over_the_limit_is_refused_and_not_kept(editor, settings):
    settings.UPLOAD_BYTES = 100_000
    agreement = factories.agreement()

    response = send(editor, add_address(agreement), pdf() + bytes(3_000_000), title_en="Stays")

    assert errors(response) == ["File: The file has 2.9 MB. Files of up to 98 KB are taken."]
    assert fields(response)["title_en"] == ["Stays"]
    assert files_in_storage() == set()


def test_form_without_a_file_asks_for_one(editor):
    response = send(editor, add_address(factories.agreement()))

    assert errors(response) == ["File: Choose a file."]


def test_photo_has_to_be_a_picture(editor):
    response = send(editor, add_address(factories.agreement()), pdf(), kind="photo")

    assert errors(response) == ["Kind: A photo is a picture, and this file is none."]


def test_double_click_makes_one_document(editor):
    address = add_address(factories.agreement())
    sent = fields(editor.get(address))

    for _click in range(2):
        assert editor.post(address, sent | {"file": SimpleUploadedFile("a.pdf", pdf())}).status_code == 302

    assert (Document.objects.count(), DocumentVersion.objects.count(), len(files_in_storage())) == (1, 1, 2)


def test_same_form_with_another_file_makes_another_document(editor):
    address = add_address(factories.agreement())
    sent = fields(editor.get(address))

    for pages in (1, 2):
        editor.post(address, sent | {"file": SimpleUploadedFile("a.pdf", pdf(pages))})

    assert [document.latest.pages for document in Document.objects.order_by("pk")] == [1, 2]


def test_file_is_written_before_the_row_that_names_it(editor, monkeypatch):
    save, found = DocumentVersion.save, []

    def watched(version, *args, **kwargs):
        found.append((len(version.stored_names), set(version.stored_names) == files_in_storage()))
        save(version, *args, **kwargs)

    monkeypatch.setattr(DocumentVersion, "save", watched)
    added(editor, factories.agreement(), photo(), name="a.jpg", kind="photo")

    assert found == [(3, True)]


def test_failed_save_leaves_no_file(editor, monkeypatch):
    def fail(*_args, **_kwargs):
        raise RuntimeError("the database is gone")

    monkeypatch.setattr(DocumentVersion, "save", fail)
    with pytest.raises(RuntimeError):
        send(editor, add_address(factories.agreement()), pdf())

    assert (Document.objects.count(), files_in_storage()) == (0, set())


# --- Nothing that was accepted is lost -----------------------------------------------------------------------------


def test_accepted_file_waits_until_the_form_is_right(editor, django_capture_on_commit_callbacks):
    address = add_address(factories.agreement())

    wrong = send(editor, address, image(), "photo.jpg", kind="photo", title_fa="x" * 301)
    assert len(files_in_storage()) == 1
    assert '“<bdi dir="ltr">photo.jpg</bdi>” is here' in page(wrong).html
    with django_capture_on_commit_callbacks(execute=True):
        response = editor.post(address, fields(wrong) | {"title_fa": "عکس"})

    assert response.status_code == 302
    document = Document.objects.get()
    assert (document.latest.name, document.latest.sha256) == ("photo.jpg", hashlib.sha256(image()).hexdigest())
    assert files_in_storage() == set(document.latest.stored_names)


def test_waiting_file_is_its_senders_alone(editor, manager):
    address = add_address(factories.agreement())
    wrong = send(editor, address, pdf(), title_fa="x" * 301)

    response = manager.post(address, fields(wrong) | {"title_fa": "", "owner": fields(manager.get(address))["owner"]})

    assert errors(response) == ["File: The file that waited here is not there any more. Choose it again."]
    assert Document.objects.count() == 0


def test_file_that_waited_a_day_is_gone(editor, monkeypatch):
    address = add_address(factories.agreement())
    wrong = send(editor, address, pdf(), title_fa="x" * 301)
    monkeypatch.setattr(uploads, "HELD_FOR", datetime.timedelta(seconds=-1))

    response = editor.post(address, fields(wrong) | {"title_fa": ""})
    uploads.clear_held()

    assert errors(response) == ["File: The file that waited here is not there any more. Choose it again."]
    assert files_in_storage() == set()


def test_waiting_file_outlives_the_session(editor):
    address = add_address(factories.agreement())
    wrong = send(editor, address, pdf(), title_fa="x" * 301)
    sent = fields(wrong) | {"title_fa": "عنوان"}

    editor.logout()
    sign_in = fields(editor.post(address, sent), "sign-in__form")
    returned = editor.post(
        "/en/accounts/login/", sign_in | {"username": "editor", "password": "a long enough password"}, follow=True
    )

    assert '“<bdi dir="ltr">agreement.pdf</bdi>” is here' in page(returned).html
    assert say("en", "A file cannot wait") not in page(returned).html
    assert editor.post(address, fields(returned)).status_code == 302
    assert Document.objects.get().title_fa == "عنوان"


def test_person_whose_session_ended_is_told_to_choose_the_file_again(editor):
    address = add_address(factories.agreement())
    sent = fields(editor.get(address)) | {"title_fa": "عنوان", "file": SimpleUploadedFile("a.pdf", pdf())}

    editor.logout()
    sign_in = fields(editor.post(address, sent), "sign-in__form")
    returned = editor.post(
        "/en/accounts/login/", sign_in | {"username": "editor", "password": "a long enough password"}, follow=True
    )

    assert "A file cannot wait while you are signed out" in page(returned).html
    assert fields(returned)["title_fa"] == ["عنوان"]


# --- Versions ------------------------------------------------------------------------------------------------------


def test_new_version_takes_nothing_from_the_old_one(editor):
    document = added(editor, factories.agreement(), pdf(1))

    send(editor, edit_address(document), pdf(3), "better.pdf", reason="a better scan")

    versions = list(document.versions.order_by("number"))
    assert [(one.number, one.name, one.pages) for one in versions] == [(1, "agreement.pdf", 1), (2, "better.pdf", 3)]
    assert document.history.first().history_change_reason == "a better scan – version 2: better.pdf"
    for version in versions:
        response = editor.get(f"/en/staff/documents/{document.pk}/versions/{version.number}/")
        assert hashlib.sha256(bytes_of(response)).hexdigest() == version.sha256


def test_file_that_is_stored_already_makes_no_version(editor):
    document = added(editor, factories.agreement())

    response = editor.post(
        edit_address(document),
        fields(editor.get(edit_address(document))) | {"file": SimpleUploadedFile("again.pdf", pdf())},
        follow=True,
    )

    assert messages(response) == ["Nothing was changed, so nothing was saved."]
    assert document.versions.count() == 1


def test_double_click_makes_one_version(editor):
    document = added(editor, factories.agreement(), pdf(1))
    sent = fields(editor.get(edit_address(document)))

    for _click in range(2):
        response = editor.post(edit_address(document), sent | {"file": SimpleUploadedFile("b.pdf", pdf(2))})
        assert response.status_code == 302

    assert document.versions.count() == 2


def test_two_who_add_a_version_see_each_other(editor, manager):
    document = added(editor, factories.agreement(), pdf(1))
    old = fields(manager.get(edit_address(document)))
    send(editor, edit_address(document), pdf(2), "editors.pdf")

    response = manager.post(edit_address(document), old | {"file": SimpleUploadedFile("managers.pdf", pdf(3))})

    assert errors(response)[0].startswith("Somebody else has added version 2, “editors.pdf”.")
    assert document.versions.count() == 2
    assert manager.post(edit_address(document), fields(response)).status_code == 302
    assert [one.name for one in document.versions.order_by("number")] == [
        "agreement.pdf",
        "editors.pdf",
        "managers.pdf",
    ]


def test_page_of_a_document_lists_its_versions(editor):
    document = added(editor, factories.agreement(), pdf(1), title_en="Signed text")
    send(editor, edit_address(document), pdf(3), "better.pdf")

    shown = page(editor.get(f"/en/staff/documents/{document.pk}/"))

    assert [one.words for one in shown.of_class("document__sum")] == [
        version.sha256 for version in document.versions.newest_first()
    ]
    assert [one.words.split(" · ")[1:4] for one in shown.of_class("note") if one.words.startswith("Version ")] == [
        ["PDF", "3 pages", uploads.in_words(len(pdf(3)))],
        ["PDF", "1 page", uploads.in_words(len(pdf(1)))],
    ]


# --- Publishing and deleting ---------------------------------------------------------------------------------------


def test_editor_cannot_publish_a_document(editor):
    document = added(editor, factories.agreement(True), is_public="on")

    assert document.is_public is False
    assert "A manager decides which documents everybody may read." in page(editor.get(edit_address(document))).html


def test_editor_leaves_a_public_document_public(editor):
    document = factories.document(agreement=factories.agreement(True), is_public=True)

    send(editor, edit_address(document), title_en="Another title")

    document.refresh_from_db()
    assert (document.title_en, document.is_public) == ("Another title", True)


def test_manager_publishes_a_document(manager):
    assert added(manager, factories.agreement(True), is_public="on").is_public is True


def test_public_photo_says_what_it_shows(manager):
    response = send(
        manager, add_address(factories.agreement()), image(), "a.jpg", kind="photo", is_public="on", alt_fa="میدان"
    )

    assert [line.partition(": ")[2] for line in errors(response)] == [
        "A published photo says in both languages what it shows."
    ]


def test_public_document_is_taken_down_before_it_is_deleted(manager):
    document = factories.document(agreement=factories.agreement(True), is_public=True)
    address = f"/en/staff/documents/{document.pk}/delete/"

    refused = manager.get(address)
    send(manager, edit_address(document), is_public=[])
    manager.post(address, fields(manager.get(address)))

    assert errors(refused) == ["Everybody can read “Planted text”. Take it down first: edit it and take away the tick."]
    assert Document.objects.count() == 0


def test_files_of_a_deleted_document_go_when_that_is_certain(manager, django_capture_on_commit_callbacks):
    document = added(manager, factories.agreement(), photo(), name="a.jpg", kind="photo")
    names = set(document.latest.stored_names)
    address = f"/en/staff/documents/{document.pk}/delete/"

    with django_capture_on_commit_callbacks(execute=False) as callbacks:
        assert manager.post(address, fields(manager.get(address))).status_code == 302
    assert (Document.objects.count(), files_in_storage()) == (0, names)
    for callback in callbacks:
        callback()

    assert files_in_storage() == set()


def test_files_stay_when_the_deletion_fails(django_capture_on_commit_callbacks):
    document = factories.document(agreement=factories.agreement())

    with django_capture_on_commit_callbacks(execute=True):
        with transaction.atomic():
            document.delete()
            transaction.set_rollback(True)

    document = Document.objects.get()
    assert set(document.latest.stored_names) == files_in_storage()


def test_documents_of_a_deleted_draft_go_with_their_files(manager, django_capture_on_commit_callbacks):
    agreement = factories.agreement()
    factories.document(agreement=agreement)
    factories.document(milestone=factories.milestone(agreement))

    with django_capture_on_commit_callbacks(execute=True):
        agreement.delete()

    assert (Document.objects.count(), files_in_storage()) == (0, set())


# --- Giving out ----------------------------------------------------------------------------------------------------


def test_public_document_is_given_out_with_safe_headers(client, manager):
    document = added(manager, factories.agreement(True), name="پیمان “۸”.pdf", is_public="on")

    response = Guarded().get(f"/documents/{document.pk}/", HTTP_ACCEPT_ENCODING="gzip, br")

    assert bytes_of(response) == pdf()
    assert {name: response[name] for name in response.headers} == {
        "Content-Type": "application/pdf",
        "Content-Length": str(len(pdf())),
        "Content-Disposition": f"attachment; filename*=utf-8''{quote('پیمان “۸”.pdf')}",
        "Content-Security-Policy": uploads.SANDBOX,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "public, no-cache",
        "Content-Language": "fa",
        "Vary": "Accept-Language, Accept-Encoding",
        "ETag": f'"{document.latest.sha256}"',
    }


def test_document_that_the_browser_has_is_not_sent_again(manager):
    document = added(manager, factories.agreement(True), is_public="on")
    mark = f'"{document.latest.sha256}"'

    response = Guarded().get(f"/documents/{document.pk}/", HTTP_IF_NONE_MATCH=mark)

    assert (response.status_code, response.content, response["ETag"]) == (304, b"", mark)


def test_mark_of_a_public_picture_tells_nothing_of_the_photo_that_was_sent(client, manager):
    made = added(manager, factories.agreement(published=True), photo(), kind="photo", alt_fa="ب", alt_en="b")
    Document.objects.filter(pk=made.pk).update(is_public=True)

    answers = [client.get(f"/documents/{made.pk}/{end}") for end in ("", "picture/")]

    rendition = made.latest.rendition_sha256
    assert all(bytes_of(answer) for answer in answers)
    assert [answer["ETag"] for answer in answers] == [f'"{rendition}"', f'"{rendition}-small"']
    assert rendition != made.latest.sha256


def test_file_that_the_storage_has_lost_is_not_found(client, editor):
    document = factories.document(agreement=factories.agreement(published=True), is_public=True)
    default_storage.delete(document.latest.file.name)

    public, ours = f"/documents/{document.pk}/", f"/en/staff/documents/{document.pk}/versions/1/"
    assert [client.get(public).status_code, editor.get(ours).status_code] == [404, 404]


@pytest.mark.parametrize("end", ["", "picture/"])
def test_version_of_a_document_that_cannot_be_is_not_found(editor, end):
    assert editor.get(f"/en/staff/documents/{'9' * 30}/versions/1/{end}").status_code == 404


def test_document_of_the_staff_is_kept_by_no_cache(editor):
    document = added(editor, factories.agreement(True))

    response = editor.get(f"/en/staff/documents/{document.pk}/versions/1/")

    assert set(response["Cache-Control"].split(", ")) == {"private", "no-store", "no-cache"}
    assert response["X-Robots-Tag"] == "noindex"
    assert bytes_of(response) == pdf()


def test_everybody_gets_the_latest_version_alone(manager):
    document = added(manager, factories.agreement(True), pdf(1), is_public="on")
    send(manager, edit_address(document), pdf(2))

    assert bytes_of(Guarded().get(f"/documents/{document.pk}/")) == pdf(2)


def test_public_photo_carries_nothing_of_the_camera(manager):
    document = added(
        manager, factories.agreement(True), photo(), name="a.jpg", kind="photo", is_public="on", alt_fa="ا", alt_en="a"
    )

    response = Guarded().get(f"/documents/{document.pk}/")
    content = bytes_of(response)

    assert (response["Content-Type"], response["Content-Disposition"]) == ("image/jpeg", 'inline; filename="a.jpg"')
    assert MAKER.encode() not in content
    with Image.open(io.BytesIO(content)) as picture:
        assert dict(picture.getexif()) == {}
    assert MAKER.encode() in bytes_of(manager.get(f"/en/staff/documents/{document.pk}/versions/1/"))
    assert MAKER.encode() not in bytes_of(Guarded().get(f"/documents/{document.pk}/picture/"))


def hidden_documents():
    """Documents that no visitor may read, by why."""
    public, draft, withdrawn = factories.agreement(True), factories.agreement(), factories.agreement(withdrawn=True)
    secret_kind = factories.milestone_kind("secret")
    return {
        "internal": factories.document(agreement=public),
        "of a draft": factories.document(agreement=draft, is_public=True),
        "of a withdrawn agreement": factories.document(agreement=withdrawn, is_public=True),
        "of a resolution nobody sees": factories.document(resolution=factories.resolution(), is_public=True),
        "of an internal milestone": factories.document(
            milestone=factories.milestone(public, secret_kind), is_public=True
        ),
        "of an unpublished activity": factories.document(activity=factories.activity(public), is_public=True),
        "of an internal commitment": factories.document(commitment=factories.commitment(public), is_public=True),
        "of a city without a page": factories.document(
            city=factories.city(), kind="photo", is_public=True, alt_fa="planted", alt_en="planted"
        ),
        "of a city, internal": factories.document(city=public.partner, kind="photo", alt_fa="planted"),
    }


def test_hidden_documents_are_not_there_for_visitors():
    found = hidden_documents()

    answers = {
        (why, address): Guarded().get(address).status_code
        for why, document in found.items()
        for address in (f"/documents/{document.pk}/", f"/documents/{document.pk}/picture/")
    }

    assert set(answers.values()) == {404}
    assert list(Document.objects.public()) == []
    assert [one.is_read_by_everybody for one in Document.objects.for_desk()] == [False] * len(found)


def test_nothing_of_hidden_documents_is_public():
    hidden_documents()

    pages = crawl(Guarded(), "/fa/", "/en/")
    files = [
        *(f"/data/partnerships.{ending}" for ending in ("csv", "json", "geojson")),
        *("/feeds/partnerships.atom", "/sitemap.xml", "/calendar/anniversaries.ics"),
    ]
    texts = {address: one.html for address, one in pages.items()}
    texts |= {address: b"".join(Guarded().get(address)).decode() for address in files}

    assert len(pages) > 20
    assert [address for address, text in texts.items() if "planted" in text.lower()] == []


@pytest.mark.parametrize("kind", ["agreement", "resolution", "milestone", "activity", "commitment"])
def test_public_document_is_read_where_its_owner_is(kind):
    agreement = factories.agreement(True)
    resolution = factories.resolution()
    agreement.resolutions.add(resolution)
    owner = {
        "agreement": lambda: agreement,
        "resolution": lambda: resolution,
        "milestone": lambda: factories.milestone(agreement, factories.milestone_kind("open", is_public=True)),
        "activity": lambda: factories.activity(agreement, published=True),
        "commitment": lambda: factories.commitment(agreement, is_public=True),
    }[kind]()
    document = factories.document(**{kind: owner}, is_public=True)
    where = f"/en/resolutions/{resolution.pk}/" if kind == "resolution" else f"/en/partnerships/{agreement.number}/"

    shown = page(Guarded().get(where))

    (file,) = shown.section("documents").of_class("document")
    assert [one["href"] for one in file.all if one.name == "a"] == [f"/documents/{document.pk}/"]
    assert bytes_of(Guarded().get(f"/documents/{document.pk}/")) == b"%PDF-1.4 a signed text"
    assert [one.is_read_by_everybody for one in Document.objects.for_desk()] == [True]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fa", ["متن امضاشده · ترکی استانبولی · PDF · ۲ صفحه · ", "عکس"]),
        ("en", ["Signed text · Turkish · PDF · 2 pages · ", "The square"]),
    ],
)
def test_agreement_page_lists_public_documents_with_language_pages_and_size(manager, language, words):
    agreement = factories.agreement(True)
    text = added(manager, agreement, title_fa="متن", title_en="Text", language="tr", is_public="on")
    added(
        manager,
        agreement,
        photo(),
        name="a.jpg",
        kind="photo",
        title_fa="عکس",
        title_en="The square",
        alt_fa="میدان ساعت",
        alt_en="Clock square",
        credit_fa="شهرداری",
        credit_en="Municipality",
        is_public="on",
    )

    section = page(Guarded().get(f"/{language}/partnerships/{agreement.number}/")).section("documents")

    (file,), (figure,) = section.of_class("document"), [one for one in section.all if one.name == "figure"]
    with override(language):
        assert file.of_class("note")[0].words == words[0] + uploads.in_words(text.latest.size)
    assert words[1] in figure.words
    assert [one["alt"] for one in figure.all if one.name == "img"] == [
        {"fa": "میدان ساعت", "en": "Clock square"}[language]
    ]
    assert section.of_class("document__sum")[0].words == text.latest.sha256


def test_preview_shows_what_will_be_public(manager):
    agreement = factories.agreement()
    factories.document(agreement=agreement)
    factories.document(agreement=agreement, is_public=True, title_en="Will be public")

    shown = page(manager.get(f"/en/staff/partnerships/{agreement.number}/preview/"))

    (link,) = [one for one in shown.section("documents").all if one.name == "a"]
    assert (link.words, bytes_of(manager.get(link["href"]))) == ("Will be public", b"%PDF-1.4 a signed text")


def test_list_for_the_staff_costs_the_same_for_one_and_many(rf: RequestFactory):
    agreement = factories.agreement(True)
    request = rf.get("/en/staff/")
    request.user = factories.editor()
    costs = []
    for _more in range(2):
        for _document in range(3):
            factories.document(agreement=agreement)
        with CaptureQueriesContext(connection) as queries:
            documents = list(Document.objects.of_agreement(agreement).for_desk())
            render_to_string("staff/includes/documents.html", {"documents": documents, "perms": {}}, request)
        costs.append(len(queries))

    assert costs[0] == costs[1]


# --- Checking the files --------------------------------------------------------------------------------------------


def check(*options):
    """What the command says, line by line, and whether it complains."""
    told = io.StringIO()
    try:
        call_command("check_files", *options, stdout=told)
    except CommandError as error:
        return [*told.getvalue().splitlines(), str(error)]
    return told.getvalue().splitlines()


def test_files_in_order_are_said_to_be():
    factories.document(agreement=factories.agreement())

    assert check() == ["1 files named: 0 missing, 0 changed. 0 orphaned."]


def test_lost_and_changed_files_are_told(media):
    agreement = factories.agreement()
    lost, changed = (factories.document(agreement=agreement).latest.file.name for _one in range(2))
    default_storage.delete(lost)
    (media / changed).write_bytes(b"something else")

    assert check() == [
        f"missing: {lost}",
        f"changed: {changed}",
        "2 files named: 1 missing, 1 changed. 0 orphaned.",
        "Bring these files back from a backup.",
    ]


def test_orphaned_files_are_deleted_once_they_are_a_day_old(media):
    kept = factories.document(agreement=factories.agreement()).latest.file.name
    young, old = (media / "documents" / name for name in ("young", "old"))
    for path in (young, old):
        path.write_bytes(b"x")
    two_days_ago = (timezone.now() - datetime.timedelta(days=2)).timestamp()
    os.utime(old, (two_days_ago, two_days_ago))

    assert check() == ["orphaned: documents/old", "1 files named: 0 missing, 0 changed. 1 orphaned."]
    assert check("--delete-orphans")[-1] == "1 files named: 0 missing, 0 changed. 1 orphaned, deleted."

    assert files_in_storage() == {kept, "documents/young"}


@pytest.mark.parametrize("kind", ["resolution", "milestone"])
def test_page_of_an_owner_lists_its_documents_and_offers_another(editor, kind):
    agreement = factories.agreement()
    owner = {
        "resolution": factories.resolution,
        "milestone": lambda: factories.milestone(agreement),
    }[kind]()
    document = factories.document(**{kind: owner})
    with override("en"):
        here = reverse(f"staff:{kind}_edit", args=[owner.pk])

    section = page(editor.get(here)).section("documents")

    assert [one["href"] for one in section.all if one.name == "a"] == [
        f"/en/staff/documents/{document.pk}/edit/?next={quote(here, safe='')}",
        f"/en/staff/documents/{document.pk}/versions/1/",
        f"{add_address(owner)}?next={quote(here, safe='')}",
    ]


# --- A city's photo ------------------------------------------------------------------------------------------------


def test_city_is_shown_with_its_newest_public_photo(manager):
    city = factories.agreement(True).partner
    words = {"alt_fa": "میدان", "alt_en": "The square", "credit_fa": "شهرداری", "credit_en": "Municipality"}
    for shown in range(2):
        added(manager, city, image(size=(600, 400 + shown)), name="a.jpg", is_public="on", **words)
    added(manager, city, image(), name="internal.jpg")
    newest = Document.objects.order_by("pk")[1]

    (figure,) = page(Guarded().get(f"/en/cities/{city.slug}/")).of_class("city-photo")

    (picture,) = [one for one in figure.all if one.name == "img"]
    assert [picture[name] for name in ("src", "alt", "width", "height")] == [
        f"/documents/{newest.pk}/picture/",
        "The square",
        "600",
        "401",
    ]
    assert figure.words == "Photo: Municipality"
    assert {one.kind for one in Document.objects.all()} == {"photo"}


def test_city_without_a_photo_shows_none():
    city = factories.agreement(True).partner

    assert page(Guarded().get(f"/en/cities/{city.slug}/")).of_class("city-photo") == []


@pytest.mark.parametrize("kind", ["text", "letter"])
def test_of_a_city_there_are_photos_alone(editor, kind):
    response = send(editor, add_address(factories.city()), image(), "a.jpg", kind=kind)

    assert [line.partition(":")[0] for line in errors(response)] == ["Kind"]
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.document(city=factories.city(), kind=kind)


def test_list_of_documents_leads_to_what_each_belongs_to(editor):
    city = factories.city()
    factories.document(city=city, kind="photo", alt_fa="ا")

    shown = page(editor.get("/en/staff/documents/"))

    assert f"/en/staff/cities/{city.slug}/history/" in [one["href"] for one in shown.named("a")]
