"""The open data: downloads, figures of charts, the feed, the calendar of anniversaries, and the page about them all."""

from collections.abc import Iterator

from django.conf import settings
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
    QueryDict,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import override
from django.views.generic import TemplateView, View

from cities.models import City
from partnerships import pictures
from partnerships.agenda import A_YEAR, Agenda
from partnerships.anniversaries import anniversary_calendar
from partnerships.desk_calendar import desk_calendar
from partnerships.downloads import (
    COLUMNS,
    DATE_PARTS,
    EXAMPLES,
    FORMATS,
    REQUESTS,
    Format,
    Statement,
    citation,
    documentation_page,
    entries,
    rights,
    site_of,
)
from partnerships.feed import agreement_feed
from partnerships.filters import AgreementFilter
from partnerships.models import Agreement, Desk, Document
from partnerships.pictures import Picture
from partnerships.selection import Selection
from partnerships.statistics import CHARTS, Statistics
from sistercities.charts import file_rows
from sistercities.context import as_of, home_city
from sistercities.spreadsheets import cell, csv_lines
from sistercities.streaming import in_blocks
from sistercities.uploads import give_out


class Extract(View):
    """What an address without a language gives of the agreements that it asks for.

    There is no page on which a wrong parameter could be told, and whatever reads the answer would take more than was
    asked for what was asked: so the address is refused (400), with what is wrong in every language of the site.
    """

    http_method_names = ["get", "head", "options"]
    is_json = False

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        """The answer in the language asked for, or the refusal."""
        self.selection = Selection(request.GET)
        if self.selection.complaints:
            response = self.refuse()
        else:
            with override(self.selection.language):
                response = super().dispatch(request, *args, **kwargs)
        # Open to every page's scripts: nothing here depends on who asks.
        response["Access-Control-Allow-Origin"] = "*"
        return response

    def refuse(self) -> HttpResponse:
        """400, with what was not understood."""
        complaints = self.selection.complaints
        if self.is_json:
            told = {f"complaints_{code}": sentences for code, sentences in complaints.items()}
            return JsonResponse(told, status=400, json_dumps_params={"ensure_ascii": False})
        lines = [sentence for sentences in complaints.values() for sentence in sentences]
        return HttpResponse("\n".join([*lines, ""]), status=400, content_type="text/plain; charset=utf-8")

    def stream(self, blocks: Iterator[bytes], content_type: str) -> StreamingHttpResponse:
        """The blocks as they are made; for HEAD none is made."""
        blocks = iter(()) if self.request.method == "HEAD" else blocks
        return StreamingHttpResponse(blocks, content_type=content_type)


class Download(Extract):
    """The agreements in one of FORMATS."""

    extension = "csv"

    @property
    def format(self) -> Format:
        """The format of the file."""
        return FORMATS[self.extension]

    @property
    def is_json(self) -> bool:
        """Whether who reads the answer reads JSON."""
        return self.format.is_json

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """The file."""
        home = home_city(request)
        statement = Statement(
            home_city=home or None,
            site=site_of(request),
            address=request.build_absolute_uri(),
            asked=dict(QueryDict(self.selection.query.removeprefix("?")).lists()),
            as_of=as_of(request),
        )
        response = self.stream(self.format.blocks(self.selection.agreements, statement), self.format.media_type)
        name = f"{home.slug}-partnerships" if home else "partnerships"
        way = "attachment" if self.format.is_attachment else "inline"
        response["Content-Disposition"] = f'{way}; filename="{name}.{self.extension}"'
        documentation = documentation_page(self.selection.language)
        response["Link"] = f'<{site_of(request)}{documentation}>; rel="describedby"'
        return response


class StatisticsFile(Extract):
    """The figures of one chart as a CSV file, for every language alike."""

    def get(self, request: HttpRequest, chart: str) -> HttpResponseBase:
        """The file; 404 for a chart that does not exist."""
        if chart not in CHARTS:
            raise Http404
        charts = []
        for language, _name in settings.LANGUAGES:
            with override(language):
                charts.append(Statistics.of(self.selection.data, home_city(request)).chart(chart))
        response = self.stream(in_blocks(csv_lines(file_rows(*charts))), "text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="statistics-{chart}.csv"'
        return response


class Feed(Extract):
    """The latest changes, as an Atom feed."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The feed."""
        feed = agreement_feed(request, self.selection)
        return HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


class Anniversaries(Extract):
    """The anniversaries of signing, as a calendar to subscribe to."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """The calendar."""
        response = self.stream(anniversary_calendar(request, self.selection), "text/calendar; charset=utf-8")
        response["Content-Disposition"] = 'inline; filename="anniversaries.ics"'
        return response


class DeskCalendar(View):
    """One person's agenda as a calendar to subscribe to. Whoever has the address has the calendar: it is no page."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        """The calendar, or 404 where the key is nobody's or its owner may not see the agreements any more."""
        desk = get_object_or_404(Desk.objects.with_user(), calendar_key=key)
        if not desk.is_open:
            raise Http404
        with override(desk.language):
            body = desk_calendar(Agenda(desk.user, ahead=A_YEAR), site_of(request), request.get_host())
        response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
        response["Content-Disposition"] = 'inline; filename="desk.ics"'
        response["Cache-Control"] = "private, no-store"
        response["X-Robots-Tag"] = "noindex"
        return response


class OpenData(TemplateView):
    """The downloads, their columns, and on what terms they may be used."""

    template_name = "partnerships/open_data.html"

    def get_context_data(self, **kwargs):
        home = home_city(self.request) or None
        return super().get_context_data(
            filter=AgreementFilter(self.request.GET, Agreement.objects.published()),
            columns=len(COLUMNS),
            entries=entries(),
            licence={"name": settings.DATA_LICENCE, "url": settings.DATA_LICENCE_URL},
            rights=rights(home),
            citation=citation(home),
            address=self.request.build_absolute_uri(self.request.path),
            dates=EXAMPLES,
            date_columns=[
                (f"signed{end}", aspect, [cell(part(date)) for date in EXAMPLES])
                for end, (_kind, aspect, part) in DATE_PARTS.items()
            ],
            requests=REQUESTS,
            **kwargs,
        )


class PictureView(View):
    """A picture for previews of a page, in the language of the address.

    Its mark is exact: whoever has the picture already is told so without its being drawn.
    """

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, language: str, **kwargs) -> HttpResponse:
        """The picture, or 404 where the public has no page."""
        with override(language):
            picture = self.picture(**kwargs)
            mark = quote_etag(picture.mark)
            response = get_conditional_response(request, etag=mark) or HttpResponse(
                b"" if request.method == "HEAD" else picture.png, content_type="image/png"
            )
        response["ETag"] = mark
        response["Cache-Control"] = "public, no-cache"  # asked again each time: a withdrawn record has no picture
        return response

    def picture(self) -> Picture:
        """The picture of the register."""
        return pictures.of_site(home_city(self.request) or None)


class AgreementPicture(PictureView):
    """The picture of an agreement."""

    def picture(self, number: int) -> Picture:
        agreements = Agreement.objects.published().with_partner().select_related("home_city")
        return pictures.of_agreement(get_object_or_404(agreements, number=number))


class CityPicture(PictureView):
    """The picture of a partner city."""

    def picture(self, slug: str) -> Picture:
        city = get_object_or_404(City.objects.public().with_country(), slug=slug)
        return pictures.of_city(city, home_city(self.request) or None)


class DocumentFile(View):
    """A public document as its latest version is, or the small picture of it (`picture`)."""

    http_method_names = ["get", "head", "options"]
    picture = False

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Of an image everybody gets its rendition, never the file that was sent."""
        version = get_object_or_404(Document.objects.public(), pk=pk).latest
        if self.picture:
            if not version.thumbnail:
                raise Http404
            mark = f"{version.public_sha256}-small"  # that of the file as it was sent is not for everybody
            return give_out(request, version.thumbnail.name, "image/webp", mark, is_public=True)
        file = version.rendition or version.file
        return give_out(
            request,
            file.name,
            version.public_type,
            version.public_sha256,
            offered=version.public_name,
            is_public=True,
        )
