"""The lines of the bench: each an address of the site, who asks for it, and the bar that DESIGN.md sets for it.

    DATABASE_URL=… python -m benchmarks.lines NAME …

prints what each of the named lines asks of the database, and how to be signed in, as JSON.
"""

import json
import sys
import time
from dataclasses import dataclass
from urllib.parse import quote

SIZES = (12, 16_484, 164_840)
MIDDLE = SIZES[1]


@dataclass(frozen=True)
class Line:
    """One line of the table.

    `bar` is the least share of the no-op's throughput on SQLite and on PostgreSQL, over 16,484 agreements; `growth`
    is how many times more the page may cost over 164,840 agreements than over 12. A line is `seen` when the page was
    asked for before and nothing has changed since; every other one is rendered anew each time.
    """

    name: str
    address: str
    bar: tuple[float, float] | None = None
    growth: float | None = None
    who: str = ""
    seen: bool = False


def search(text: str) -> str:
    """The address of a search in the language of the text."""
    return f"/{'en' if text.isascii() else 'fa'}/partnerships/?q={quote(text)}"


BROWSE = "/fa/partnerships/"
ADMIN = "admin: its list"
BROWSED, FILTERED, SEARCHED, RECORD, JSON, SEEN = (
    (0.12, 0.06),
    (0.08, 0.045),
    (0.07, 0.04),
    (0.38, 0.20),
    (0.20, 0.10),
    (0.7, 0.7),
)

LINES = (
    Line("home", "/fa/", growth=1.5),
    Line("browse", BROWSE, BROWSED, 1.5),
    Line("browse: by name", f"{BROWSE}?sort=city", BROWSED, 1.5),
    Line("browse: page 9", f"{BROWSE}?page=9", BROWSED),
    Line("filter: country", f"{BROWSE}?country=TR", FILTERED, 1.5),
    Line("filter: year", f"{BROWSE}?signed_from=1990&signed_to=1990", FILTERED, 1.5),
    Line(
        "filter: five at once",
        f"{BROWSE}?country=TR&kind=sister&status=in_force&domain=cultural",
        FILTERED,
        1.5,
    ),
    Line("search: Persian, few", search("استانبول"), SEARCHED, 3),
    Line("search: Persian, many", search("دانشگاه‌ها"), SEARCHED, 3),
    Line("search: English, few", search("istanbul"), SEARCHED, 3),
    Line("search: English, many", search("museums"), SEARCHED, 3),
    Line("map", f"{BROWSE}?view=map"),
    Line("timeline", f"{BROWSE}?view=timeline"),
    Line("statistics", "/fa/statistics/"),
    Line("agreement", "/fa/partnerships/1/", RECORD, 1.5),
    Line("city", "/fa/cities/istanbul/", growth=1.5),
    Line("country", "/fa/countries/TR/"),
    Line("network", "/fa/network/"),
    Line("network: its map", "/data/network.fa.json"),
    Line("network: CSV", "/data/ties.csv"),
    Line("JSON: some fifty", "/data/partnerships.json?country=AZ", JSON),
    Line("JSON: all", "/data/partnerships.json"),
    Line("CSV: all", "/data/partnerships.csv"),
    Line("XLSX: all", "/data/partnerships.xlsx"),
    Line("GeoJSON: all", "/data/partnerships.geojson"),
    Line("feed", "/feeds/partnerships.atom"),
    Line("calendar", "/calendar/anniversaries.ics"),
    Line("home, seen before", "/fa/", SEEN, 1.5, seen=True),
    Line("browse, seen before", BROWSE, SEEN, 1.5, seen=True),
    Line("agreement, seen before", "/fa/partnerships/1/", SEEN, 1.5, seen=True),
    Line("desk: agreements", "/fa/staff/partnerships/", who="manager"),
    Line("desk: one at work", "/fa/staff/partnerships/1/", who="manager"),
    Line("desk: candidates", "/fa/staff/candidates/", who="manager"),
    Line(ADMIN, "/admin/partnerships/agreement/", who="administrator"),
)


def named(names: list[str]) -> list[Line]:
    """The lines whose name begins with one of `names`, all without any. Raises LookupError when one begins none."""
    for name in names:
        if not any(line.name.startswith(name) for line in LINES):
            raise LookupError(f"No line is called {name}: {', '.join(line.name for line in LINES)}")
    return [line for line in LINES if not names or line.name.startswith(tuple(names))]


def signed_in() -> dict[str, str]:
    """The cookie of a session for each account that lines ask as."""
    from django.conf import settings
    from django.contrib.auth.models import User
    from django.test import Client

    cookies = {"": ""}
    for name in {line.who for line in LINES} - {""}:
        client = Client()
        client.force_login(User.objects.get(username=name), settings.AUTHENTICATION_BACKENDS[-1])
        cookies[name] = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    return cookies


def asked(line: Line) -> dict[str, float]:
    """How many queries the line takes, how long they take together, and how many bytes come of it uncompressed."""
    from django.conf import settings
    from django.contrib.auth.models import User
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(raise_request_exception=False)
    if line.who:
        client.force_login(User.objects.get(username=line.who), settings.AUTHENTICATION_BACKENDS[-1])
    for _time in range(2):  # the first fills what a process remembers
        began = time.perf_counter()
        with CaptureQueriesContext(connection) as queries:
            response = client.get(line.address)
            size = sum(map(len, response)) if response.streaming else len(response.content)
        if time.perf_counter() - began > 2:
            break
    spent = sum(float(query["time"]) for query in queries)
    return {"status": response.status_code, "queries": len(queries), "spent": spent, "bytes": size}


def main(names: list[str]) -> None:
    """Print what is known of the named lines."""
    import django

    django.setup()
    known = {line.name: asked(line) for line in named(names)}
    print(json.dumps({"cookies": signed_in(), "lines": known}))


if __name__ == "__main__":
    main(sys.argv[1:])
