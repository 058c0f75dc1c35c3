"""A person's agenda as a private calendar to subscribe to (iCalendar, RFC 5545).

Each item is an event of whole days; one whose date is not known to the day spans the days that it can mean. An event
keeps its UID as long as its record lives, so that what is moved moves and what is settled goes.
"""

import datetime

from django.utils.translation import gettext
from icalendar import Calendar as Document
from icalendar import Event, vDuration

from partnerships.agenda import Agenda, Item
from sistercities.text import clean_text


def desk_calendar(agenda: Agenda, site: str, host: str) -> bytes:
    """The calendar in the active language; `site` begins every address in it, `host` ends every UID."""
    document = Document()
    document.add("prodid", "-//Sister Cities//Desk//EN")
    document.add("version", "2.0")
    document.add("calscale", "GREGORIAN")
    document.add("method", "PUBLISH")
    name = gettext("Sister Cities: the office’s work")
    document.add("name", name)
    document.add("x-wr-calname", name)
    document.add("refresh-interval", vDuration(datetime.timedelta(hours=6)), parameters={"value": "DURATION"})
    document.add("x-published-ttl", "PT6H")
    for item in agenda.items:
        document.add_component(_event(item, site, host))
    return document.to_ical()


def _event(item: Item, site: str, host: str) -> Event:
    event = Event()
    event.add("uid", f"{item.uid}@{host}")
    event.add("dtstamp", item.record.updated_at.astimezone(datetime.UTC))
    event.add("sequence", item.record.version - 1)
    event.add("dtstart", item.first)
    event.add("dtend", item.last + datetime.timedelta(days=1))
    event.add("summary", clean_text("★" * item.marks + " " * bool(item.marks) + item.sentence))
    told = [item.when, *item.details, site + item.address]
    event.add("description", clean_text("\n".join(told)))
    event.add("url", site + item.address)
    event.add("categories", [item.kind.upper()])
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    return event
