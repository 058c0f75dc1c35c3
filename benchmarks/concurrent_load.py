"""Everything at once: visitors read, editors edit, a manager publishes and withdraws, and a large table is imported.

    scripts/bench.sh concurrent_load [--databases sqlite] [--seconds 30] [--rows 3000]

It goes on for as long as the import takes, and at least for so many seconds. Everybody is a process and goes through
the project's own gunicorn, its page cache included, as a browser does. Counted are answers of 500 and more, lost
connections, whatever the log says of locks, writes that were refused, and pages out of date: after each publication,
withdrawal and edit has been answered, several new connections ask for the page, the list and its count, each of which
had been asked for before, and must be told what was written. Any of these ends the run with 1.
"""

import argparse
import contextlib
import csv
import http.client
import json
import multiprocessing
import random
import re
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from benchmarks.clients import Line, request
from benchmarks.fill import TIED_ALONE
from benchmarks.lines import MIDDLE
from benchmarks.servers import CLUSTER, DATABASES, ROOT, Server, end_in_order, environment, filled, python

VISITORS, EDITORS = 3, 2
OWN = 10
"""Agreements that each editor keeps to."""

LOOKS = 4
"""New connections by which a page is looked at after a write: enough to reach each worker."""

LIST, COUNTED = "/en/partnerships/", re.compile(r'<p class="results__count"[^>]*>\s*([\d,]+)')
LOCKS = re.compile(
    r"database is locked|deadlock|lock timeout|statement timeout|could not serialize|too many clients", re.I
)


@dataclass
class Told:
    """What one of them did and met."""

    who: str
    seconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    looks: int = 0
    loaded: set[int] = field(default_factory=set)
    """How many of the agreements that are being loaded the list has counted."""
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        ordered = sorted(self.seconds) or [0]
        middle, late = ordered[len(ordered) // 2], ordered[min(int(len(ordered) * 0.99), len(ordered) - 1)]
        times = f"p50 {middle * 1000:.0f} ms, p99 {late * 1000:.0f} ms, slowest {ordered[-1]:.1f} s"
        looks = f", looked {self.looks} times" if self.looks else ""
        return (
            f"{self.who}: {len(self.seconds)} requests, {times}{looks}; answers {dict(sorted(self.statuses.items()))}"
        )


class Browser:
    """Somebody who is signed in, with cookies and forms."""

    def __init__(self, port: int, cookie: str, told: Told) -> None:
        self.port, self.told = port, told
        self.cookies = dict([cookie.split("=", 1)])
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(self, address: str, form: dict[str, list[str]] | None = None) -> tuple[int, str]:
        """The status and the text of the answer to a GET, or to a POST of the form."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        body = None if form is None else urlencode(form, doseq=True)
        began = time.perf_counter()
        try:
            self.connection.request("GET" if form is None else "POST", address, body, headers)
            response = self.connection.getresponse()
        except http.client.RemoteDisconnected:  # it was idle for too long; what was not taken may be sent again
            self.connection.close()
            self.connection.request("GET" if form is None else "POST", address, body, headers)
            response = self.connection.getresponse()
        text = response.read().decode()
        for name, value in response.getheaders():
            if name.lower() == "set-cookie":
                key, _equals, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        self.told.seconds.append(time.perf_counter() - began)
        self.told.statuses[response.status] += 1
        if response.status >= 500:
            self.told.wrong.append(f"{address} answered {response.status}")
        return response.status, text

    def send(self, address: str, **typed: str) -> bool:
        """Open the form at the address, type, and send it; whether it was taken."""
        from tests.desk import typed as stands
        from tests.pages import Page

        status, text = self.ask(address)
        if status != 200:
            return False
        page = Page(address, text)
        (form,) = [one for one in page.named("form") if "form" in one["class"].split()]
        sent = stands(form) | {name: [value] for name, value in typed.items() if not name.endswith("__add")}
        for name, value in typed.items():
            if name.endswith("__add"):
                name = name.removesuffix("__add")
                sent[name] = [f"{sent[name][0]}\n{value}".strip()]
        status, text = self.ask(address, sent)
        if status not in (302, 303) and status < 500:
            alerts = [one.words for one in Page(address, text).named("div") if one["role"] == "alert"]
            self.told.wrong.append(f"{address} was not taken: {status} {alerts[:1]}")
        return status in (302, 303)


def look(port: int, address: str, told: Told) -> list[tuple[int, str]]:
    """What several visitors who come anew are told at the address."""
    found = []
    for _visitor in range(LOOKS):
        line = Line(port)
        line.open()
        status, answer = line.ask(request(address, compressed=False))
        line.close()
        told.looks += 1
        if status >= 500:
            told.wrong.append(f"{address} answered {status} to a visitor")
        found.append((status, answer.decode(errors="replace")))
    return found


def counts(port: int, address: str, told: Told) -> set[int]:
    """The numbers of partnerships that new visitors of the list are told."""
    found = set()
    for status, text in look(port, address, told):
        number = COUNTED.search(text)
        found.add(int(number[1].replace(",", "")) if number else -status)
    return found


def visit(told: Told, port: int, known: dict[str, Any], end: Any) -> None:
    """Go from page to page."""
    dice, line = random.Random(told.who), Line(port)
    line.open()
    while not end.is_set():
        number = dice.choice(known["published"])
        address = dice.choice(
            [
                "/fa/",
                LIST,
                f"{LIST}?page={dice.randint(2, 20)}",
                f"{LIST}?country={dice.choice(['TR', 'DE', 'CN', 'US'])}&kind=sister",
                f"{LIST}?q={dice.choice(['istanbul', 'museums', 'baku'])}",
                f"/fa/partnerships/{number}/",
                f"/en/partnerships/{number}/",
                f"/en/cities/{dice.choice(known['slugs'])}/",
                "/data/partnerships.json?country=AZ",
                "/feeds/partnerships.atom",
            ]
        )
        began = time.perf_counter()
        status, _answer = line.ask(request(address))
        told.seconds.append(time.perf_counter() - began)
        told.statuses[status] += 1
        if status >= 500:
            told.wrong.append(f"{address} answered {status}")


def edit(told: Told, port: int, known: dict[str, Any], end: Any) -> None:
    """Add a line to the summary of one agreement after the other, and see that everybody is told."""
    browser, place = Browser(port, known["cookies"]["editor"], told), int(told.who.split()[-1])
    own = known["published"][place * OWN : (place + 1) * OWN]
    step = 0
    while not end.is_set():
        number, step = own[step % OWN], step + 1
        word, address = f"Line {place} {step} of the load.", f"/en/partnerships/{number}/"
        look(port, address, told)
        if browser.send(f"/en/staff/partnerships/{number}/edit/", summary_en__add=word):
            for status, text in look(port, address, told):
                if status != 200 or word not in text:
                    told.wrong.append(f"{address} does not tell what was saved ({status})")


def publish(told: Told, port: int, known: dict[str, Any], end: Any) -> None:
    """Publish and withdraw one agreement by turns, and see that its page and the lists follow at once."""
    browser = Browser(port, known["cookies"]["manager"], told)
    number, country = known["draft"], f"{LIST}?country={known['country']}"
    page, step = f"/en/partnerships/{number}/", 0
    while not end.is_set():
        for verb, status in (("publish", 200), ("withdraw", 410)):
            for address in (page, country, LIST):
                look(port, address, told)
            step += 1
            if not browser.send(f"/en/staff/partnerships/{number}/{verb}/", reason=f"The load, {step}"):
                break
            shown = {found for found, _text in look(port, page, told)}
            own, all_ = known["in_country"] + (verb == "publish"), known["all"] + (verb == "publish")
            if shown != {status}:
                told.wrong.append(f"after {verb}, the page answers {shown}")
            if (told_own := counts(port, country, told)) != {own}:
                told.wrong.append(f"after {verb}, the list of its country counts {told_own}, not {own}")
            told.loaded |= {count - all_ for count in counts(port, LIST, told)}


def work(task: Any, who: str, results: Any, *given: Any) -> None:
    """Do what `task` says until the end, and tell what came of it, whatever that was."""
    told = Told(who)
    try:
        task(told, *given)
    except Exception as error:  # nothing that happens to one of them may go unheard
        told.wrong.append(f"{type(error).__name__}: {error} ({traceback.extract_tb(error.__traceback__)[-1]})")
    results.put(told)


def known_of(rows: int) -> dict[str, Any]:
    """What the load has to know of the register, among it `rows` cities to import; runs by itself, see `main`."""
    import django

    django.setup()
    from django.conf import settings
    from django.contrib.auth.models import User
    from django.test import Client

    from cities.models import City
    from partnerships.models import Agreement

    published = Agreement.objects.published()
    of_country = published.count_by("partner__country")
    drafts = Agreement.objects.drafts().publishable().with_partner().by_number()
    draft = next(one for one in drafts if 1 <= of_country.get(one.partner.country_id, 0) <= 40)
    cookies = {}
    for name in ("editor", "manager"):
        client = Client()
        client.force_login(User.objects.get(username=name), settings.AUTHENTICATION_BACKENDS[-1])
        cookies[name] = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    others = City.objects.partners().exclude(country=draft.partner.country_id).filter(agreements=None)
    return {
        "published": list(published.by_number().values_list("number", flat=True)[:200]),
        "all": published.count(),
        "draft": draft.number,
        "country": draft.partner.country_id,
        "in_country": of_country[draft.partner.country_id],
        "slugs": list(published.by_number().values_list("partner__slug", flat=True)[:200]),
        "cookies": cookies,
        "others": list(others.order_by("pk").values_list("name_en", "country", "geonames_id")[:rows]),
    }


def write_table(file: Path, known: dict[str, Any]) -> int:
    """A table of agreements with cities that have none; returns how many."""
    rows = [
        [name, country, geonames_id, "contact", "in_force", f"{1990 + place % 30}", "press", "yes"]
        for place, (name, country, geonames_id) in enumerate(known["others"])
    ]
    headings = ["city", "country", "geonames_id", "kind", "status", "signed", "verification", "published"]
    with file.open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened).writerows([headings, *rows])
    return len(rows)


def exceptions(log: str) -> Counter[str]:
    """What was raised, as the server's log tells it, each with the line of the project from which it came."""
    found: Counter[str] = Counter()
    for line in log.splitlines():
        with contextlib.suppress(ValueError, KeyError, TypeError):
            lines = json.loads(line)["exception"].splitlines()
            own = [one.strip() for one in lines if f'"{ROOT}/' in one and "site-packages" not in one]
            found[f"{lines[-1]} {own[-1] if own else ''}"] += 1
    return found


def run(database: str, options: argparse.Namespace) -> list[str]:
    """Let everybody work on one database; returns what went wrong."""
    with filled(database, options.size) as url, tempfile.TemporaryDirectory() as scratch:
        known = json.loads(python("benchmarks.concurrent_load", "--known", f"--rows={options.rows}", url=url))
        log, table = Path(scratch) / "log", Path(scratch) / "agreements.csv"
        known["imported"] = write_table(table, known)
        context = multiprocessing.get_context("spawn")
        end, results = context.Event(), context.Queue()
        with log.open("w") as output, Server(url, output) as server:
            tasks = [(visit, f"visitor {number}") for number in range(VISITORS)]
            tasks += [(edit, f"editor {number}") for number in range(EDITORS)] + [(publish, "manager")]
            processes = [
                context.Process(target=work, args=(task, who, results, server.port, known, end), daemon=True)
                for task, who in tasks
            ]
            for process in processes:
                process.start()
            began = time.perf_counter()
            command = [sys.executable, "manage.py", "import_agreements", str(table), "--by=manager"]
            loading = subprocess.run(command, cwd=ROOT, env=environment(url), stdout=output, stderr=output, check=False)
            loaded = time.perf_counter() - began
            time.sleep(max(0.0, options.seconds - loaded))
            end.set()
            told = sorted((results.get(timeout=120) for _process in processes), key=lambda one: one.who)
            wrong = [f"{one.who}: {what}" for one in told for what in one.wrong]
            final = Told("after the import")
            last = {count - known["all"] for count in counts(server.port, LIST, final)}
            counted = {count for one in told for count in one.loaded}
            if last != {known["imported"]} or not counted <= {0, known["imported"]}:
                wrong.append(f"of {known['imported']} imported ones the list counted {counted}, in the end {last}")
        if loading.returncode:
            wrong.append(f"the import ended with {loading.returncode}")
        locks = [line for line in log.read_text().splitlines() if LOCKS.search(line)]
        wrong += [f"log: {line[:200]}" for line in locks]
        raised = exceptions(log.read_text())
        if loading.returncode or options.log:
            print(log.read_text()[-3000:])
    print(f"## {database}, {options.size:,} agreements, {known['imported']:,} imported meanwhile in {loaded:.0f} s\n")
    print(*told, sep="\n")
    failed = sum(status >= 500 for one in told for status in one.statuses.elements())
    print(f"\nAnswers of 500 and more: {failed}; lines about locks: {len(locks)}; anything wrong: {len(wrong)}")
    for what, times in Counter(re.sub(r"\d+", "#", one) for one in wrong).most_common(12):
        print(f"  {times} × {what}")
    for what, times in raised.most_common(6):
        print(f"  {times} × in the log: {what}")
    print(flush=True)
    return wrong


def main() -> int:
    """Run on each database. Returns 1 when anything went wrong."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--databases", type=lambda text: text.split(","), default=[])
    parser.add_argument("--size", type=int, default=MIDDLE, help="agreements that are there already")
    parser.add_argument(
        "--rows", type=int, default=TIED_ALONE, help=f"agreements that are imported meanwhile, at most {TIED_ALONE}"
    )
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--log", action="store_true", help="show the end of the server's log")
    parser.add_argument("--known", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.known:
        print(json.dumps(known_of(options.rows)))
        return 0
    end_in_order()
    databases = options.databases or [one for one in DATABASES if one == "sqlite" or CLUSTER]
    return 1 if any([run(database, options) for database in databases]) else 0


if __name__ == "__main__":
    sys.exit(main())
