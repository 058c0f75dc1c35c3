"""The lists of the desk: what is done, promised, waited for and kept, across all agreements."""

from dataclasses import replace
from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from partnerships.models import Activity, Commitment, Contact, Document, Milestone, Note
from partnerships.models.lifecycle import Standing
from partnerships.staff_filters import (
    ActivityFilter,
    CommitmentFilter,
    ContactFilter,
    DocumentFilter,
    MilestoneFilter,
    NoteFilter,
)
from sistercities.lists import (
    CHANGED,
    Cell,
    Choice,
    Column,
    Figure,
    Given,
    Latin,
    Linked,
    Many,
    Mark,
    Moment,
    Name,
    Opening,
    Person,
    Quantity,
    RecordList,
    YesNo,
    uncertain,
)
from sistercities.templatetags.register import filesize, language_name
from sistercities.text import number
from sistercities.together import Together, Verb


class OfAgreement(Linked):
    """The agreement to which a record belongs, by its partner and kind."""

    def cell(self, record: models.Model) -> Cell:
        cell = super().cell(record)
        return replace(cell, second=capfirst(cell.second))


AGREEMENT = OfAgreement(
    "agreement",
    _("agreement"),
    of="agreement.partner.name",
    under="agreement.get_kind_display",
    page="agreement_work",
    key="agreement.number",
    sort=("agreement__partner__sort_{language}", "agreement__number"),
    needs=("with_agreement",),
)
"""The agreement to which a record belongs, by its partner."""


class Partners(Many):
    """The partners of an activity's agreements, each leading to its agreement."""

    def read(self, record: Activity) -> list[str]:
        return [
            format_html('<a href="{}">{}</a>', reverse("staff:agreement_work", args=[one.number]), one.partner.name)
            for one in record.agreements.all()
        ]


class Amount(Column):
    """What it cost, in its currency."""

    ways = Quantity.ways

    def read(self, record: Activity) -> str:
        return "" if record.cost is None else format_html("{} <bdi>{}</bdi>", number(record.cost), record.currency)


class MilestoneList(RecordList):
    """The milestones of all agreements, those that wait longest first."""

    model = Milestone
    filter_class = MilestoneFilter
    order = "sent"
    columns = (
        Name("kind", _("milestone"), of="kind.name", sort=("kind__position", "kind__key"), needs=("with_kind",)),
        AGREEMENT,
        Mark(
            "standing",
            _("standing"),
            choices=Standing.choices,
            sort=("standing_today",),
            needs=("with_kind", "with_standing"),
        ),
        Column("authority", _("authority")),
        Given("letter_number", _("letter number"), sort=("letter_number",)),
        uncertain("planned", _("planned for"), is_usual=False),
        uncertain("sent", _("sent or begun")),
        uncertain("answered", _("answered or done"), is_usual=False),
        Choice("outcome", _("outcome"), choices=Milestone.Outcome.choices, sort=("outcome",), nothing=_("none yet")),
        CHANGED,
    )


class PublishActivity(Verb):
    """Lets everybody read them on the pages of their public agreements."""

    name = "publish"
    label = _("Publish")
    action = "publish"
    explanation = _("Everybody can read them then on the pages of their agreements, as far as these are public.")
    undone_by = "unpublish"

    def prepared(self, records: QuerySet) -> QuerySet:
        return records.with_agreements()

    def obstacles(self, record: Activity, value: str) -> list[str]:
        return record.obstacles()

    def is_done(self, record: Activity, value: str) -> bool:
        return record.publication == "published"

    def act(self, record: Activity, value: str, by: Any, reason: str) -> None:
        record.publish(by=by, reason=reason)


class UnpublishActivity(Verb):
    """Takes them off the public pages."""

    name = "unpublish"
    label = _("Take down")
    action = "publish"
    explanation = _("Visitors find them no more. Publishing them again brings them back.")
    undone_by = "publish"
    needs_reason = True
    is_dangerous = True

    def obstacles(self, record: Activity, value: str) -> list[str]:
        return [] if record.publication == "published" else [gettext("It is not published.")]

    def is_done(self, record: Activity, value: str) -> bool:
        return record.publication == "draft"

    def act(self, record: Activity, value: str, by: Any, reason: str) -> None:
        record.unpublish(by=by, reason=reason)


class ActivityList(RecordList):
    """The activities under all agreements, the latest first."""

    model = Activity
    filter_class = ActivityFilter
    verbs = (PublishActivity, UnpublishActivity)
    order = "-begun"
    columns = (
        Name("title", _("title")),
        Choice("kind", _("kind"), choices=Activity.Kind.choices, sort=("kind",)),
        Choice("direction", _("direction"), choices=Activity.Direction.choices, sort=("direction",), is_usual=False),
        uncertain("begun", _("begun")),
        uncertain("finished", _("finished"), is_usual=False),
        Partners("partners", _("partner cities"), needs=("with_agreements",), nothing=_("not recorded")),
        Many("domains", _("domains of cooperation"), of="domains.all", needs=("with_domains",), is_usual=False),
        Column("place", _("place"), is_usual=False),
        Quantity("participants", _("participants"), sort=("participants",)),
        Quantity("young", _("young people among them"), of="young_participants", is_usual=False),
        Amount("cost", _("cost"), is_usual=False),
        Mark("publication", _("publication"), choices=Activity.PUBLICATION, sort="by_publication"),
        CHANGED,
    )


class ActivitiesTogether(Together):
    """What is done to many activities at once."""

    model = Activity
    listing = ActivityList


class CommitmentList(RecordList):
    """What was promised under all agreements, the earliest day first."""

    model = Commitment
    filter_class = CommitmentFilter
    order = "due"
    columns = (
        Opening("text", _("promise")),
        AGREEMENT,
        Choice("side", _("who promised"), choices=Commitment.Side.choices, sort=("side",)),
        Column("responsible", _("who is responsible"), nothing=_("not recorded"), is_usual=False),
        Given("article", _("article"), is_usual=False),
        uncertain("due", _("due")),
        Mark("state", _("status"), choices=Commitment.STATES, sort=("state_on",), needs=("with_state",)),
        uncertain("settled", _("kept or settled on"), is_usual=False),
        YesNo(
            "published", pgettext_lazy("publication", "published"), of="is_public", sort=("is_public",), is_usual=False
        ),
        CHANGED,
    )


class ContactList(RecordList):
    """People and offices at all partners. Personal data: only who may see contacts finds it."""

    model = Contact
    filter_class = ContactFilter
    order = "city"
    columns = (
        Name("name", _("name"), of="__str__", under="role", needs=("with_partner",)),
        Linked(
            "city",
            _("partner city"),
            of="partner.name",
            page="city_contacts",
            key="partner.slug",
            sort=("partner__sort_{language}",),
            needs=("with_partner",),
        ),
        Choice("kind", _("where they belong"), choices=Contact.Kind.choices, sort=("kind",)),
        Column("organisation", _("organisation"), nothing=_("not recorded"), is_usual=False),
        Latin("email", _("e-mail"), nothing=_("not recorded")),
        Latin("phone", _("telephone"), nothing=_("not recorded")),
        uncertain("since", _("in office since"), is_usual=False),
        uncertain("until", _("in office until")),
        Moment("review", _("look again on"), of="review_on", sort=("review_on",)),
        CHANGED,
    )


class Owner(Column):
    """The record to which a document belongs, which leads to its page."""

    def cell(self, record: Document) -> Cell:
        owner = record.owner
        name = owner._meta.model_name
        page, key = (
            ("agreement_work", owner.number)
            if name == "agreement"
            else (f"{name}_history", getattr(owner, "slug", owner.pk))
        )
        label = format_html('<a href="{}">{}</a>', reverse(f"staff:{page}", args=[key]), owner)
        return Cell(self, label, capfirst(owner._meta.verbose_name))


class Size(Quantity):
    """How large a file is."""

    def shown(self, value: int) -> str:
        return filesize(value)


class Language(Column):
    """A language by its name."""

    def shown(self, value: str) -> str:
        return language_name(value)


class DocumentList(RecordList):
    """The documents of everything, the one sent last first."""

    model = Document
    main_page = "detail"
    filter_class = DocumentFilter
    order = "-uploaded"
    columns = (
        Name("title", _("title"), of="__str__"),
        Owner("owner", _("belongs to"), needs=("with_owner",)),
        Choice("kind", _("kind"), choices=Document.Kind.choices, sort=("kind",)),
        Language("language", _("language"), sort=("language",)),
        Quantity("pages", _("pages"), sort=("pages",), needs=("with_latest_facts",), is_usual=False),
        Size("size", _("size"), sort=("size",), needs=("with_latest_facts",)),
        Figure("versions", _("versions"), of="versions_sent", needs=("with_latest_facts",), is_usual=False),
        Moment("uploaded", _("sent"), sort=("uploaded",), needs=("with_latest_facts",)),
        YesNo("published", pgettext_lazy("publication", "published"), of="is_public", sort=("is_public",)),
        CHANGED,
    )


class NoteList(RecordList):
    """What the office noted of all agreements, the newest first."""

    model = Note
    filter_class = NoteFilter
    order = "-written"
    columns = (
        Name("note", _("note"), of="__str__"),
        AGREEMENT,
        Person("author", _("written by"), of="written_by", needs=("with_author",), nothing=_("nobody")),
        Moment("written", _("written"), of="created_at", sort=("created_at",)),
        CHANGED,
    )
