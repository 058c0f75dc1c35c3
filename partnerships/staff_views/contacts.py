"""The staff pages of contacts: personal data, for editors and managers only."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from partnerships.forms.contacts import ContactForm
from partnerships.models import Contact
from partnerships.models.contacts import next_review
from partnerships.staff_views.parts import CityPartPage
from sistercities.staff import Confirm, RecordAdd, RecordDelete, RecordEdit, RecordHistoryView


class ContactPage(CityPartPage):
    """A staff page of a partner city's contacts. It is reached from the page of them all and leads back there."""

    model = Contact

    def address(self, page: str, record: Contact | None = None) -> str:
        """As everywhere; the page of the city's contacts takes the place of a list."""
        if page == "list":
            return reverse("staff:city_contacts", args=[self.city.slug])
        return super().address(page, record)

    def pages_of(self, record: Contact) -> dict[str, str]:
        """The pages of a contact that the person may see."""
        pages = super().pages_of(record)
        if self.may("change"):
            pages["confirm"] = self.carrying_back(self.address("confirm", record))
        return pages

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        named = gettext("Contacts in %(city)s") % {"city": self.city.name.plain}
        return super().get_context_data(**({"city": self.city} | kwargs)) | {"kinds": named}


class CityContacts(ContactPage, TemplateView):
    """Everybody to write to about a city, former ones apart."""

    template_name = "partnerships/staff/city_contacts.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(contacts=self.city.contacts.in_order(), **kwargs)


class ContactFormPage(ContactPage):
    """What adding and editing a contact have in common."""

    template_name = "partnerships/staff/contact_form.html"
    form_class = ContactForm


class ContactAdd(ContactFormPage, RecordAdd):
    """Somebody more to write to about a city."""

    def get_form(self, data: Any = None) -> ContactForm:
        return self.form_class(data, instance=Contact(partner=self.city))


class ContactEdit(ContactFormPage, RecordEdit):
    """A contact that is recorded already."""


class ContactConfirm(ContactPage, Confirm):
    """Notes that a contact was looked at and is still right."""

    action = "change"
    title = _("Is “%(record)s” still right?")
    explanation = _("If the data is right and still needed, say so: somebody looks again in a year. Else change it.")
    button = _("Still right")

    def act(self, record: Contact, reason: str) -> None:
        record.confirm(by=self.request.user, reason=reason)

    def is_done(self, record: Contact) -> bool:
        return record.review_on >= next_review()

    def done(self, record: Contact) -> str:
        return gettext("“%(record)s” is still right; somebody looks again in a year.") % {"record": record}


class ContactErase(ContactPage, RecordDelete):
    """Erases a contact for good, its history included."""

    title = _("Erase “%(record)s” for good?")
    explanation = _(
        "The record and everything personal in its history are destroyed and cannot be brought back. One line stays: "
        "that a contact of this city was erased, by whom, when and why. Write nothing personal into the reason."
    )
    button = _("Erase for good")

    def done(self, record: Contact) -> str:
        return gettext("The contact is erased.")


class ContactHistory(ContactPage, RecordHistoryView):
    """What happened to a contact; of one that was erased, only that it was."""
