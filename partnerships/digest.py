"""A person's agenda as an e-mail. It is made of the same items as the desk, and says nothing when there is nothing."""

import datetime
from dataclasses import dataclass
from functools import cached_property

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import gettext, ngettext

from cities.models import City
from partnerships.agenda import Agenda, Item, on_day
from partnerships.models import Desk
from sistercities.text import number


@dataclass(frozen=True)
class Part:
    """A part of the digest: its title, and its items."""

    title: str
    items: list[Item]


class Digest:
    """What is told to the owner of `desk` on the day `on`, in the active language.

    The daily one tells what is overdue and due this week; the weekly one also what is due in the weeks after it, round
    anniversaries among it. Both tell of the drafts that wait for this person's word.
    """

    def __init__(self, desk: Desk, on: datetime.date) -> None:
        self.desk = desk
        self.agenda = Agenda(desk.user, on)

    @cached_property
    def parts(self) -> list[Part]:
        """What is due, in parts that are not empty."""
        agenda = self.agenda
        later = [item for item in agenda.later if not item.is_minor] if self.desk.digest == Desk.Digest.WEEKLY else []
        parts = [
            Part(gettext("Overdue"), agenda.overdue),
            Part(gettext("This week"), agenda.week),
            Part(gettext("In the weeks to come"), later),
        ]
        return [part for part in parts if part.items]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not self.parts and not self.agenda.waiting_drafts

    @property
    def count(self) -> int:
        """How many things it tells."""
        return sum(len(part.items) for part in self.parts) + len(self.agenda.waiting_drafts)

    @property
    def subject(self) -> str:
        """The subject of the mail: how much there is, and of that how much is overdue."""
        things = ngettext("%(count)s thing to do", "%(count)s things to do", self.count) % {"count": number(self.count)}
        late = len(self.agenda.overdue)
        if late:
            told = ngettext("%(count)s of them overdue", "%(count)s of them overdue", late)
            things = gettext("%(things)s, %(late)s") % {"things": things, "late": told % {"count": number(late)}}
        return gettext("Sister cities: %(things)s") % {"things": things}

    def message(self, site: str) -> EmailMultiAlternatives:
        """The mail, as plain text and as a page; every address in it begins with `site`."""
        context = {
            "digest": self,
            "agenda": self.agenda,
            "today": on_day(self.agenda.on),
            "home_city": City.objects.home(),
            "language": self.desk.language,
            "site": site,
        }
        text = render_to_string("staff/digest.txt", context)
        message = EmailMultiAlternatives(self.subject, text, to=[self.desk.user.email])
        message.attach_alternative(render_to_string("staff/digest.html", context), "text/html")
        return message
