"""The report to the council, as a page that prints and as a workbook."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView, View

from partnerships.models import Agreement
from partnerships.report import Report, usual_year
from partnerships.staff_filters import OfficeFilter
from sistercities.browsing import Display, Misread, one_line
from sistercities.context import home_city
from sistercities.dates import DateError, parse_year
from sistercities.spreadsheets import xlsx_blocks
from sistercities.staff import StaffMixin


class YearField(forms.Field):
    """A year of either calendar, in digits of any script."""

    def clean(self, value: str | None) -> int:
        """The year; this one where none is asked for. Raises Misread about anything else."""
        asked = one_line(value)
        try:
            return parse_year(asked) if asked else usual_year(get_language())
        except DateError as error:
            told = gettext("%(error)s. The report is on this year.") % {"error": " ".join(error.messages)}
            raise Misread(told, usual_year(get_language())) from None


class ReportFilter(OfficeFilter):
    """The year of the report, and which agreements it is about: the filters of their list."""

    year = Display(_("year"), YearField)

    kept_when_cleared = ("year",)

    def at(self, year: int) -> str:
        """The address of the same report on another year."""
        query = self.data.copy()
        query["year"] = str(year)
        return self.address(query)

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What else the address asks for, name and value, so that a form that asks for another year keeps it."""
        return [(name, value) for name, values in self.data.lists() if name != "year" for value in values]


class ReportPage(StaffMixin):
    """What the page and the file have in common."""

    model = Agreement
    holds_what_was_typed = False

    @cached_property
    def filter(self) -> ReportFilter:
        """What the address asks for."""
        return ReportFilter(self.request.GET, Agreement.objects.all())

    @cached_property
    def report(self) -> Report:
        """The report that the address asks for."""
        return Report(self.filter.qs, self.filter.asked["year"])


class CouncilReport(ReportPage, TemplateView):
    """The report as an official document on A4."""

    template_name = "staff/report.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            filter=self.filter,
            report=self.report,
            earlier=(self.report.year - 1, self.filter.at(self.report.year - 1)),
            file_address=f"{reverse('staff:report_file')}?{self.request.GET.urlencode()}",
            later=(self.report.year + 1, self.filter.at(self.report.year + 1)),
            **kwargs,
        )


class CouncilReportFile(ReportPage, View):
    """The report as a workbook, a sheet for each table."""

    def get(self, request: HttpRequest) -> HttpResponse:
        report = self.report
        head = [
            *([(gettext("City"), home_city(request).name.plain)] if home_city(request) else []),
            (gettext("Year"), report.period.display()),
            (gettext("Made on"), report.made_on.display()),
            *((gettext("Only"), chip.label) for chip in self.filter.chips),
        ]
        response = StreamingHttpResponse(
            xlsx_blocks(report.sheets(head)),
            content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        )
        response["Content-Disposition"] = f'attachment; filename="report-{report.year}.xlsx"'
        return response
