"""The open data of the network: every tie, the figures of its charts, and the file from which its map is drawn."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.utils.translation import override
from django.views.decorators.http import require_safe

from cities.filters import countries
from cities.models import City, Tie, TieSource
from cities.network import Network
from cities.statistics import CHARTS, NetworkStatistics
from sistercities.charts import file_rows
from sistercities.context import home_city
from sistercities.dates import UncertainDate
from sistercities.spreadsheets import csv_lines
from sistercities.streaming import in_blocks

CHUNK = 1000
"""Ties fetched at once."""

TIE_COLUMNS = (
    "city_1",
    "city_1_name_fa",
    "city_1_name_en",
    "city_1_country",
    "city_1_latitude",
    "city_1_longitude",
    "city_2",
    "city_2_name_fa",
    "city_2_name_en",
    "city_2_country",
    "city_2_latitude",
    "city_2_longitude",
    "form",
    "since",
    "since_words",
    "since_first",
    "since_last",
    "since_calendar",
    "since_precision",
    "source_fa",
    "source_en",
    "source_url",
    "source_licence",
    "source_as_of",
)
"""The columns of the file of ties. A column keeps its name and its meaning for good; new ones are added at the end."""


def _tie_rows() -> Iterator[tuple]:
    yield TIE_COLUMNS
    for tie in Tie.objects.written().iterator(chunk_size=CHUNK):
        source = tie.source
        yield (
            *_end(tie.one),
            *_end(tie.other),
            tie.form,
            *_date(tie.since),
            source.title_fa,
            source.title_en,
            source.url,
            source.licence,
            source.as_of,
        )


def _end(city: City) -> tuple[Any, ...]:
    return city.slug, city.name_fa, city.name_en, city.country_id, city.latitude, city.longitude


def _date(date: UncertainDate | None) -> tuple[Any, ...]:
    # As the downloads of agreements write it.
    if date is None:
        return (None,) * 6
    return date.code, date.words, date.first, date.last, date.calendar.value, date.precision.name.lower()


def _csv(request: HttpRequest, rows: Iterator[tuple] | list, name: str) -> StreamingHttpResponse:
    blocks = iter(()) if request.method == "HEAD" else in_blocks(csv_lines(rows))
    response = StreamingHttpResponse(blocks, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response["Access-Control-Allow-Origin"] = "*"  # nothing here depends on who asks
    return response


@require_safe
def ties(request: HttpRequest) -> StreamingHttpResponse:
    """Every tie as a line of a CSV file, with the list it comes from, the day of that and its licence."""
    return _csv(request, _tie_rows(), "ties")


@require_safe
def chart(request: HttpRequest, name: str) -> StreamingHttpResponse:
    """The figures of one chart of the network as a CSV file, for every language alike; 404 where there are none."""
    network, sources = Network(home_city(request) or None), list(TieSource.objects.in_use())
    charts = []
    for language, _name in settings.LANGUAGES:
        with override(language):
            statistics = NetworkStatistics(network, sources, countries())
            if name not in CHARTS or not statistics.tells(name):
                raise Http404
            charts.append(statistics.chart(name))
    return _csv(request, file_rows(*charts), f"network-{name}")


@require_safe
def network(request: HttpRequest, language: str) -> HttpResponse:
    """Every city and every tie for the script that draws them; see `Network.file`."""
    home = home_city(request) or None
    with override(language):
        partners = City.objects.public().for_maps() if home else []
        told = Network(home).file(partners, countries())
    compact = {"ensure_ascii": False, "separators": (",", ":")}
    return JsonResponse(told, json_dumps_params=compact)
