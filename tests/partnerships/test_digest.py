"""The digest: who gets it, when, what stands in it, and that none is sent twice or lost without a word."""

import datetime
from io import StringIO
from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command

from partnerships.forms.desk import DeskForm
from partnerships.models import Desk
from sistercities.dates import UncertainDate
from tests import factories

pytestmark = pytest.mark.django_db

SATURDAY = datetime.date(2026, 11, 28)
"""7 Azar 1405."""


class Refusing(EmailBackend):
    """A mail server that does not take mails to "refused@…" and dies at those to "killed@…"."""

    def send_messages(self, messages):
        for message in messages:
            if message.to[0].startswith("refused"):
                raise SMTPRecipientsRefused({message.to[0]: (550, b"no such user")})
            if message.to[0].startswith("killed"):
                raise KeyboardInterrupt
        return super().send_messages(messages)


@pytest.fixture(autouse=True)
def site(settings):
    settings.SITE_URL = "https://register.example"
    settings.EMAIL_BACKEND = "tests.partnerships.test_digest.Refusing"


def subscriber(name="anna", digest="daily", language="en", group="Editors", **given):
    """Somebody who has asked for a digest."""
    user = factories.user(name, group)
    user.email = f"{name}@city.example"
    user.save()
    return Desk.objects.create(user=user, digest=digest, language=language, **given)


def send(day=SATURDAY, **options):
    """What the command writes: to its output, and of what went wrong."""
    out, errors = StringIO(), StringIO()
    try:
        call_command("send_digest", on=day, stdout=out, stderr=errors, **options)
    except CommandError as error:
        errors.write(f"{error}\n")
    return out.getvalue().splitlines(), errors.getvalue().splitlines()


def promise(due, **given):
    """Something promised under an agreement with Baku."""
    made = factories.agreement(partner=factories.baku())
    return factories.commitment(made, due=f"AD {due}", **given)


def addressees():
    return [message.to[0].partition("@")[0] for message in mail.outbox]


def test_nothing_is_sent_when_there_is_nothing():
    subscriber()
    promise("2026-12-05")  # a week and a day from then
    assert send() == (["anna: nothing to tell"], [])
    assert mail.outbox == []


def test_digest_tells_what_is_due_with_whole_addresses():
    subscriber(language="en")
    subscriber("zahra", language="fa")
    late, soon = promise("2026-11-20"), promise("2026-12-04", text_en="To plant a tree", text_fa="کاشت درخت")
    assert send() == (["anna: sent", "zahra: sent"], [])
    english, persian = mail.outbox
    assert english.subject == "Sister cities: 2 things to do, 1 of them overdue"
    assert persian.subject == "خواهرشهرها: ۲ کار، از جمله ۱ کار دیرشده"
    assert (
        english.body
        == f"""\
Saturday 28 November 2026 (7 Azar 1405)


Overdue (1)

• Baku: Promised by us: To hold a cultural week
  20 November 2026 (29 Aban 1405) · 8 days late
  https://register.example/en/staff/commitments/{late.pk}/settle/


This week (1)

• Baku: Promised by us: To plant a tree
  4 December 2026 (13 Azar 1405)
  https://register.example/en/staff/commitments/{soon.pk}/settle/


--\x20
The desk: https://register.example/en/staff/
How often this mail comes, and in which language: https://register.example/en/staff/desk/
"""
    )
    assert "• باکو: تعهد ما: کاشت درخت\n" in persian.body
    ((page, kind),) = persian.alternatives
    assert kind == "text/html"
    assert '<html lang="fa" dir="rtl">' in page
    assert f'<a href="https://register.example/fa/staff/commitments/{soon.pk}/settle/">' in page


def test_weekly_digest_comes_on_saturday_and_tells_the_weeks_to_come():
    desk = subscriber(digest="weekly")
    promise("2027-01-10")
    for day in (-1, 0, 1, 6):
        send(SATURDAY + datetime.timedelta(days=day))
    assert len(mail.outbox) == 1
    assert "In the weeks to come (1)" in mail.outbox[0].body
    send(SATURDAY + datetime.timedelta(days=9))  # the Saturday before, nothing ran
    assert len(mail.outbox) == 2
    desk.refresh_from_db()
    assert desk.digest_sent_on == SATURDAY + datetime.timedelta(days=9)


def test_second_run_of_a_day_sends_nothing():
    subscriber()
    promise("2026-11-28")
    assert [send()[0], send()[0]] == [["anna: sent"], []]
    send(SATURDAY + datetime.timedelta(days=1))
    assert addressees() == ["anna", "anna"]


def test_contact_has_no_name_in_any_digest():
    subscriber()
    subscriber("auditor", group="Auditors")
    contact = factories.contact(factories.baku(), review_on=SATURDAY, role_en="Planted role")
    assert send() == (["anna: sent", "auditor: nothing to tell"], [])
    (message,) = mail.outbox
    whole = message.message().as_string() + message.body + message.alternatives[0][0]
    planted = (contact.name_fa, contact.name_en, contact.email, contact.phone, contact.role_en)
    assert [one for one in planted if one in whole] == []
    assert "• Baku: Look whether it still holds: a contact of Baku\n" in message.body


def test_draft_that_waits_for_a_manager_is_something_to_tell():
    subscriber(group="Managers")
    subscriber("boris")
    made = factories.agreement(partner=factories.baku())
    assert send()[0] == ["anna: nothing to tell", "boris: nothing to tell"]
    factories.source(made)
    assert send(SATURDAY + datetime.timedelta(days=1))[0] == ["anna: sent", "boris: nothing to tell"]
    assert f"https://register.example/en/staff/partnerships/{made.number}/publish/" in mail.outbox[0].body


def test_refused_mail_is_told_and_tried_again_and_keeps_nobody_elses_back():
    refused = subscriber("refused")
    subscriber("zahra")
    promise("2026-11-28")
    out, errors = send()
    assert (out, len(errors)) == (["zahra: sent"], 2)
    assert errors[0].startswith("refused: SMTPRecipientsRefused: ")
    assert errors[1] == "1 of the digests could not be sent, or may not have been."
    refused.user.email = "anna@city.example"
    refused.user.save()
    assert send() == (["refused: sent"], [])
    assert addressees() == ["zahra", "anna"]


def test_killed_process_is_told_and_its_digest_not_sent_twice():
    subscriber("killed")
    subscriber("zahra")
    promise("2026-11-28")
    with pytest.raises(KeyboardInterrupt):
        send()
    out, errors = send()
    assert out == ["zahra: sent"]
    assert errors[0] == "killed: the digest of 2026-11-28 was begun and never finished: has it arrived?"
    assert send() == ([], [])
    Desk.objects.get(user__username="killed").user.delete()
    assert send(SATURDAY + datetime.timedelta(days=1)) == (["zahra: sent"], [])


def test_digest_that_another_run_has_begun_is_left_to_it():
    desk = subscriber()
    assert Desk.objects.filter(pk=desk.pk).claim(SATURDAY) is True
    assert Desk.objects.filter(pk=desk.pk).claim(SATURDAY) is False


def test_dry_run_shows_and_notes_nothing():
    desk = subscriber()
    promise("2026-11-28")
    out, _errors = send(dry_run=True)
    assert out[:2] == ["To: anna@city.example", "Subject: Sister cities: 1 thing to do"]
    desk.refresh_from_db()
    assert (mail.outbox, desk.digest_begun_on, desk.digest_sent_on) == ([], None, None)
    assert send()[0] == ["anna: sent"]


def test_site_without_an_address_is_told_in_one_line(settings):
    settings.SITE_URL = ""
    subscriber()
    said = "Set SITE_URL in the environment to the site's address, https://… (see .env.example)."
    assert send() == (["anna: nothing to tell"], [])
    promise("2026-11-30")
    desk = Desk.objects.get()
    assert send(SATURDAY + datetime.timedelta(days=1)) == ([], [said])
    desk.refresh_from_db()
    assert desk.digest_sent_on == SATURDAY
    assert UncertainDate.on(desk.digest_begun_on) == UncertainDate.on(SATURDAY)


def test_who_has_left_or_has_no_address_gets_none():
    left, bare = subscriber("left"), subscriber("bare")
    subscriber("stranger", group="")
    subscriber("silent", digest="never")
    left.user.is_active = False
    left.user.save()
    bare.user.email = ""
    bare.user.save()
    promise("2026-11-28")
    out, errors = send()
    assert (out, errors[0], mail.outbox) == ([], "bare: has no e-mail address", [])


def test_settings_that_are_saved_while_a_digest_leaves_do_not_send_it_twice():
    desk = subscriber()
    form = DeskForm({"digest": "weekly", "language": "fa"}, instance=Desk.objects.get())
    assert form.is_valid()
    send()
    address = Desk.objects.get()
    address.renew_calendar()

    form.save()

    stored = Desk.objects.get()
    assert (stored.digest, stored.language, stored.digest_sent_on) == ("weekly", "fa", SATURDAY)
    assert stored.calendar_key == address.calendar_key != desk.calendar_key
