"""What each person keeps at the desk: saved filters, the private address of their calendar, their digest."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from partnerships.querysets import DeskQuerySet, SavedFilterQuerySet


def calendar_key() -> str:
    """A key that nobody can guess, for the private address of a calendar."""
    return secrets.token_urlsafe(32)


class Desk(models.Model):
    """One person's desk."""

    class Digest(models.TextChoices):
        """How often what is due is sent by e-mail."""

        NEVER = "never", _("never")
        DAILY = "daily", _("every day")
        WEEKLY = "weekly", _("every week")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("account"), related_name="desk"
    )
    calendar_key = models.CharField(_("key of the calendar"), max_length=64, unique=True, default=calendar_key)
    digest = models.CharField(_("digest by e-mail"), max_length=8, choices=Digest, default=Digest.NEVER)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default="fa")
    digest_begun_on = models.DateField(_("last digest begun"), null=True, blank=True, editable=False)
    digest_sent_on = models.DateField(_("last digest"), null=True, blank=True, editable=False)

    objects = DeskQuerySet.as_manager()

    class Meta:
        verbose_name = _("desk")
        verbose_name_plural = _("desks")
        constraints = [
            models.CheckConstraint(
                name="desk_digest_is_known",
                condition=Q(digest__in=["never", "daily", "weekly"]),
                violation_error_message=_("Choose how often."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.user)

    @property
    def is_open(self) -> bool:
        """Whether its calendar and its digest may still tell of the office's work."""
        return self.user.is_active and self.user.has_perm("partnerships.view_agreement")

    def renew_calendar(self) -> None:
        """Give the calendar a new private address; the old one gives nothing any more."""
        self.calendar_key = calendar_key()
        self.save(update_fields=["calendar_key"])


class SavedFilter(models.Model):
    """A filter of a staff list that somebody wants to find again: `list` names the list, `query` is its address."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("account"), related_name="saved_filters"
    )
    list = models.CharField(_("list"), max_length=40)
    name = models.CharField(_("name"), max_length=80)
    query = models.TextField(_("filter"), blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = SavedFilterQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved filter")
        verbose_name_plural = _("saved filters")
        ordering = ["list", "name"]
        constraints = [
            models.UniqueConstraint(
                name="savedfilter_name_once",
                fields=["user", "list", "name"],
                violation_error_message=_("You have a filter of this name here already."),
            ),
            models.CheckConstraint(
                name="savedfilter_has_a_name",
                condition=~Q(name=""),
                violation_error_message=_("Give the filter a name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        """The address of the list with the filter in it; "" where there is no such list any more."""
        try:
            address = reverse(f"staff:{self.list}_list")
        except NoReverseMatch:
            return ""
        return f"{address}?{self.query}" if self.query else address
