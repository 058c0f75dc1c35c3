"""What is done to many agreements at once."""

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from partnerships.models import Agreement, Domain
from sistercities.history import person
from sistercities.together import Verb

NOBODY = "nobody"
"""The value that takes the reviewer away."""


class AgreementVerb(Verb):
    """Something done to many agreements."""

    def prepared(self, records: QuerySet) -> QuerySet:
        return records.with_partner().select_related("home_city")


class Publish(AgreementVerb):
    """Lets everybody read them."""

    name = "publish"
    label = _("Publish")
    action = "publish"
    explanation = _("Everybody can read them then, each at an address that never changes.")
    undone_by = "withdraw"

    def prepared(self, records: QuerySet) -> QuerySet:
        return super().prepared(records).with_claims()

    def obstacles(self, record: Agreement, value: str) -> list[str]:
        try:
            record.check_publishable(record.sources.all())
        except ValidationError as error:
            return error.messages
        return []

    def effect(self, record: Agreement, value: str) -> str:
        return gettext("It was withdrawn and comes back.") if record.publication == "withdrawn" else ""

    def is_done(self, record: Agreement, value: str) -> bool:
        return record.publication == "published"

    def act(self, record: Agreement, value: str, by: Any, reason: str) -> None:
        record.publish(by=by, reason=reason)


class Withdraw(AgreementVerb):
    """Takes them down; their addresses then say so."""

    name = "withdraw"
    label = _("Withdraw")
    action = "publish"
    explanation = _(
        "Visitors will find at the address of each that it was withdrawn (410), and they leave every list, count and "
        "download. They are not deleted: publishing them again brings them back."
    )
    undone_by = "publish"
    needs_reason = True
    is_dangerous = True

    def obstacles(self, record: Agreement, value: str) -> list[str]:
        try:
            record.check_withdrawable()
        except ValidationError as error:
            return error.messages
        return []

    def is_done(self, record: Agreement, value: str) -> bool:
        return record.publication == "withdrawn"

    def act(self, record: Agreement, value: str, by: Any, reason: str) -> None:
        record.withdraw(by=by, reason=reason)


class DomainVerb(AgreementVerb):
    """Changes in which domains of cooperation they are."""

    needs_value = True

    @cached_property
    def domains(self) -> dict[str, Domain]:
        """All domains by their key."""
        return {domain.key: domain for domain in Domain.objects.all()}

    @cached_property
    def values(self) -> dict[str, str]:
        return {key: str(domain.name) for key, domain in self.domains.items()}

    def prepared(self, records: QuerySet) -> QuerySet:
        return super().prepared(records).with_domains()

    def has(self, record: Agreement, value: str) -> bool:
        """Whether the agreement is in the domain."""
        return any(domain.key == value for domain in record.domains.all())

    def write(self, record: Agreement, value: str, by: Any, reason: str, how: str) -> None:
        """Add the domain to the agreement or remove it (`how`), as one entry of its history."""
        if value not in self.domains:
            raise ValidationError(gettext("The domain was deleted meanwhile."))
        with record.one_entry(by=by, reason=reason):
            record.save()
            getattr(record.domains, how)(self.domains[value])


class AddDomain(DomainVerb):
    """Adds a domain of cooperation to them."""

    name = "add_domain"
    label = _("Add a domain")
    undone_by = "remove_domain"

    def obstacles(self, record: Agreement, value: str) -> list[str]:
        return [gettext("It is in this domain already.")] if self.has(record, value) else []

    def is_done(self, record: Agreement, value: str) -> bool:
        return self.has(record, value)

    def act(self, record: Agreement, value: str, by: Any, reason: str) -> None:
        self.write(record, value, by, reason, "add")


class RemoveDomain(DomainVerb):
    """Takes a domain of cooperation from them."""

    name = "remove_domain"
    label = _("Remove a domain")
    undone_by = "add_domain"

    def obstacles(self, record: Agreement, value: str) -> list[str]:
        return [] if self.has(record, value) else [gettext("It is not in this domain.")]

    def is_done(self, record: Agreement, value: str) -> bool:
        return not self.has(record, value)

    def act(self, record: Agreement, value: str, by: Any, reason: str) -> None:
        self.write(record, value, by, reason, "remove")


class AssignReviewer(AgreementVerb):
    """Says who is to look at them."""

    name = "assign_reviewer"
    label = _("Assign a reviewer")
    undone_by = "assign_reviewer"
    needs_value = True

    @cached_property
    def accounts(self) -> dict[str, Any]:
        """The accounts that may review, by their key."""
        accounts = get_user_model().objects.with_perm(
            "partnerships.change_agreement", backend=settings.AUTHENTICATION_BACKENDS[-1]
        )
        return {str(user.pk): user for user in accounts.order_by("last_name", "first_name", "username")}

    @cached_property
    def values(self) -> dict[str, str]:
        names = {key: f"\u2068{person(user)}\u2069" for key, user in self.accounts.items()}
        return names | {NOBODY: gettext("nobody")}

    def prepared(self, records: QuerySet) -> QuerySet:
        return super().prepared(records).with_reviewer()

    def before(self, record: Any, value: str) -> str:
        return str(record.reviewer_id) if record.reviewer_id else NOBODY

    def obstacles(self, record: Agreement, value: str) -> list[str]:
        if self.is_done(record, value):
            return [gettext("That is so already.")]
        return [] if value in self.values else [gettext("This account does not review agreements any more.")]

    def effect(self, record: Agreement, value: str) -> str:
        now = self.values.get(value, "")
        if record.reviewer is None:
            return gettext("Reviewer: %(now)s.") % {"now": now}
        return gettext("Reviewer: %(now)s instead of %(was)s.") % {
            "now": now,
            "was": f"\u2068{person(record.reviewer)}\u2069",
        }

    def is_done(self, record: Agreement, value: str) -> bool:
        return self.before(record, value) == value

    def act(self, record: Agreement, value: str, by: Any, reason: str) -> None:
        with record.one_entry(by=by, reason=reason):
            record.reviewer = self.accounts.get(value)
            record.save()
