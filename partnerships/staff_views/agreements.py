"""The staff pages of agreements."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from cities.city_field import CityField
from cities.models import City
from partnerships.editing import MEDIA_TYPES, table_of
from partnerships.facts import facts_of
from partnerships.forms.agreements import AgreementForm, WithdrawalForm
from partnerships.models import Agreement, Commitment, Document, Milestone, Note, Source
from partnerships.models.decisions import UNSIGNED
from partnerships.models.evidence import Verification
from partnerships.staff_filters import StaffAgreementFilter
from partnerships.staff_views.together import AddDomain, AssignReviewer, Publish, RemoveDomain, Withdraw
from partnerships.views import AgreementDetail
from sistercities.context import home_city
from sistercities.forms import Typed, whole
from sistercities.lists import (
    CHANGED,
    Choice,
    Column,
    Many,
    Mark,
    Name,
    Person,
    Proof,
    RecordList,
    RegisterNumber,
    counted,
    uncertain,
)
from sistercities.roles import unseen_by
from sistercities.sign_in import DETOUR, hold
from sistercities.staff import Confirm, RecordAdd, RecordDelete, RecordEdit, RecordHistoryView, StaffMixin
from sistercities.together import Together


def parts_of(pk: Any) -> list[tuple[Any, dict[str, Any]]]:
    """The histories of what belongs to the agreement with that key alone: they are told with its own."""
    return [(part, {"agreement_id": pk}) for part in (Source, Milestone, Commitment, Note, Document)]


class AgreementPage(StaffMixin):
    """A staff page of agreements, which go by their register number."""

    model = Agreement
    lookup = "number"
    main_page = "work"

    def pages_of(self, record: Agreement) -> dict[str, str]:
        """The pages of an agreement that the person may see and that make sense now."""
        pages = super().pages_of(record)
        if record.publication != "draft":
            pages.pop("delete", None)
        may_look = self.may("view")
        wanted = {"work": may_look, "preview": may_look, "public": record.publication == "published"}
        if self.may("publish"):
            wanted |= {"publish": record.publication != "published", "withdraw": record.publication == "published"}
        for page in (page for page, is_wanted in wanted.items() if is_wanted):
            address = record.get_absolute_url() if page == "public" else self.address(page, record)
            pages[page] = address if page == "public" else self.carrying_back(address)
        if may_look and self.back.startswith(self.address("work", record)):
            pages["work"] = self.back  # the page that one came from, with its own way back
        return pages | self.ways_on(record)

    def ways_on(self, record: Agreement) -> dict[str, str]:
        """Where the verbs that are possible now are carried out, and an agreement that continues this one is begun.

        Of what was ever published those who publish decide, of a draft whoever edits it. See `Decide.permission`.
        """
        is_draft = record.publication == "draft"
        ways = {
            str(verb): self.address(verb, record)
            for verb in record.verbs
            if self.may("change" if is_draft else "publish")
        }
        if self.may("publish") and not is_draft:
            ways["status"] = self.address("status", record)
        if self.may("add") and record.status not in UNSIGNED:
            begin = {"partner": record.partner.slug, "kind": record.kind, "predecessor": record.number}
            ways["succeed"] = f"{self.address('add')}?{urlencode(begin)}"
            if record.kind == Agreement.Kind.FRIENDSHIP and record.status != Agreement.Status.ENDED:
                ways["raise"] = f"{self.address('add')}?{urlencode(begin | {'kind': Agreement.Kind.SISTER})}"
        return ways


class AgreementList(AgreementPage, RecordList):
    """All agreements, drafts and withdrawn ones too, with the public filters."""

    filter_class = StaffAgreementFilter
    verbs = (Publish, Withdraw, AddDomain, RemoveDomain, AssignReviewer)
    order = "number"
    columns = (
        RegisterNumber("number", _("No."), sort="by_number"),
        Name(
            "city",
            _("city"),
            of="partner.name",
            under="partner.country.name",
            sort="alphabetical",
            needs=("with_partner",),
        ),
        Column("country", _("country"), of="partner.country.name", sort="by_country", is_usual=False),
        Choice("kind", _("kind"), choices=Agreement.Kind.choices, sort=("kind",)),
        Mark("state", _("status"), choices=Agreement.STATES, sort=("state_on",), needs=("with_state",)),
        uncertain("signed", _("signed")),
        uncertain("expires", _("expires"), is_usual=False),
        uncertain("notice_by", _("notice by"), is_usual=False),
        Proof("verification", _("verification"), choices=Verification.choices, sort=("verification",)),
        Mark(
            "publication",
            _("publication"),
            choices=Agreement.PUBLICATION,
            sort=("publication_state",),
            needs=("with_publication",),
        ),
        Many(
            "domains",
            _("domains of cooperation"),
            of="domains.all",
            needs=("with_domains",),
            nothing=_("not recorded"),
            is_usual=False,
        ),
        Person("reviewer", _("reviewer"), needs=("with_reviewer",), nothing=_("nobody"), is_usual=False),
        counted("activity", _("activities")),
        counted("open_commitment", _("open commitments")),
        counted("document", _("documents")),
        CHANGED,
    )

    @property
    def files(self) -> list[tuple[str, str]]:
        """What the list finds, as tables that can be edited and imported again."""
        query = self.request.GET.copy()
        query.pop("page", None)
        end = f"?{query.urlencode()}" if query else ""
        return [(extension.upper(), self.address(f"table_{extension}") + end) for extension in MEDIA_TYPES]

    @property
    def other_beginnings(self) -> list[tuple[str, str]]:
        may_import = self.request.user.has_perm("partnerships.add_import")
        return [(gettext("Send a table"), reverse("staff:import_add"))] if may_import else []


class AgreementTable(AgreementPage, View):
    """What the list finds, drafts and withdrawn ones too, as a table that can be edited and imported again.

    What the address asks for in vain would give more than was asked for, so it is refused (400).
    """

    http_method_names = ["get", "head", "options"]
    extension = "csv"
    holds_what_was_typed = False

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """The file."""
        found = StaffAgreementFilter(request.GET, self.records(), AgreementList.columns, AgreementList.order)
        if found.complaints:
            told = "\n".join([*found.complaints, ""])
            return HttpResponse(told, status=400, content_type="text/plain; charset=utf-8")
        home = home_city(request)
        name = f"{home.slug}-agreements" if home else "agreements"
        response = StreamingHttpResponse(
            iter(()) if request.method == "HEAD" else table_of(found.qs, self.extension, unseen_by(request.user)),
            content_type=MEDIA_TYPES[self.extension],
        )
        response["Content-Disposition"] = f'attachment; filename="{name}.{self.extension}"'
        return response


class AgreementsTogether(AgreementPage, Together):
    """What is done to many agreements at once."""

    listing = AgreementList


class AgreementFormPage(AgreementPage):
    """What adding and editing an agreement have in common."""

    template_name = "staff/agreement_form.html"
    form_class = AgreementForm

    def get_form(self, data: Any = None) -> AgreementForm:
        """The form, with what the address begins it with: the end of the `partner` city's page, which may have been
        added on the way, the `kind`, and the number of the `predecessor`, which the new agreement continues.
        """
        asked = self.request.GET if self.request.method == "GET" else {}
        slug, number = (asked.get(name, "").replace("\0", "") for name in ("partner", "predecessor"))
        city = City.objects.with_country().filter(slug=slug).first() if slug else None
        if city and data is not None:
            data["partner"], data["partner_key"] = CityField().prepare_value(city)
        initial = {"partner": city.pk} if city else {}
        if asked.get("kind") in Agreement.Kind.values:
            initial["kind"] = asked["kind"]
        if number and (before := Agreement.objects.filter(number=whole(number)).first()):
            initial["predecessor"] = before.pk
        return self.form_class(data, instance=self.record, initial=initial)

    def detour(self, form: AgreementForm) -> HttpResponse | None:
        """One more row, a search for resolutions, or a city that has to be added first: nothing typed is lost."""
        wish = form.data.get("go", "")
        if wish == "add_city":
            hold(self.request, self.request.path, dict(self.request.POST.lists()), DETOUR)
            query = urlencode({"q": form.data.get("partner", ""), "next": self.request.get_full_path()})
            return redirect(f"{reverse('staff:city_add')}?{query}")
        if wish not in {"more_sources", "find_resolution"}:
            return None
        if wish == "more_sources":
            form.sources.offer_more()
        again = self.get_form(Typed(form.data))
        again.forgive()
        return self.show(again)

    def warn(self, record: Agreement) -> None:
        super().warn(record)
        for source in record.sources.all():
            if source.contradicts_signed:
                messages.warning(
                    self.request,
                    gettext("“%(source)s” gives another date of signing: %(date)s. Both stand, and both are shown.")
                    % {"source": source, "date": source.signed_claim.display()},
                )

    def success_address(self, record: Agreement) -> str:
        """The preview, if the person asked to see it; else where they came from."""
        if self.request.POST.get("go") == "preview":
            return self.carrying_back(self.address("preview", record))
        return super().success_address(record)


class AgreementAdd(AgreementFormPage, RecordAdd):
    """A new agreement, with its resolution, domains, provisions and sources in one place."""

    def success_address(self, record: Agreement) -> str:
        """The preview, if the person asked to see it; else the page on which the work goes on."""
        if self.request.POST.get("go") == "preview":
            return super().success_address(record)
        return self.carrying_back(self.address("work", record))


class AgreementEdit(AgreementFormPage, RecordEdit):
    """An agreement that is recorded already. A published one changes for everybody at once."""


class AgreementPreview(AgreementPage, AgreementDetail):
    """The public page of an agreement as it will look, whatever its status of publication."""

    preview = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(pages=self.pages_of(self.object), **kwargs)


class AgreementPublish(AgreementPage, Confirm):
    """Lets everybody read the agreement, after saying what it lacks."""

    action = "publish"
    template_name = "staff/agreement_publish.html"
    title = _("Publish “%(record)s”?")
    explanation = _("Everybody can read it then, at an address that never changes.")
    button = _("Publish")

    def act(self, record: Agreement, reason: str) -> None:
        record.publish(by=self.request.user, reason=reason)

    def is_done(self, record: Agreement) -> bool:
        return record.publication == "published"

    def done(self, record: Agreement) -> str:
        return gettext("“%(record)s” is published.") % {"record": record}

    def undo(self, record: Agreement) -> str:
        return self.carrying_back(self.address("withdraw", record))

    def records(self) -> QuerySet:
        return Agreement.objects.for_work()

    def points(self, record: Agreement) -> list[str]:
        return record.dossier.gaps

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The facts, whose changes lead back to this page."""
        record, here = kwargs["record"], urlencode({"next": self.request.get_full_path()})
        return super().get_context_data(
            groups=facts_of(record, unseen_by(self.request.user)),
            change=f"{self.address('edit', record)}?{here}" if self.may("change") else "",
            history="",
            **kwargs,
        )


class AgreementWithdraw(AgreementPage, Confirm):
    """Takes a published agreement down; its address then says so."""

    action = "publish"
    title = _("Withdraw “%(record)s”?")
    explanation = _(
        "Visitors will find at its address that it was withdrawn (410), and it leaves every list, count and download. "
        "It is not deleted: publishing it again brings it back."
    )
    button = _("Withdraw")
    is_dangerous = True
    form_class = WithdrawalForm

    def act(self, record: Agreement, reason: str) -> None:
        record.withdraw(by=self.request.user, reason=reason)

    def is_done(self, record: Agreement) -> bool:
        return record.publication == "withdrawn"

    def done(self, record: Agreement) -> str:
        return gettext("“%(record)s” is withdrawn.") % {"record": record}

    def undo(self, record: Agreement) -> str:
        return self.carrying_back(self.address("publish", record))


class AgreementDelete(AgreementPage, RecordDelete):
    """Deletes a draft. What was ever published is withdrawn instead."""


class AgreementHistory(AgreementPage, RecordHistoryView):
    """What happened to an agreement and to what belongs to it alone."""

    def parts(self, pk: Any) -> list[tuple[Any, dict[str, Any]]]:
        return parts_of(pk)
