"""The one table of the project itself: the revision of what the public sees."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Revision(models.Model):
    """A part of the revision: a random number that a writer exchanges for another in its own transaction.

    There are as many rows as there have ever been writers at one time; together they are the revision. See
    sistercities/revision.py.
    """

    token = models.BigIntegerField(_("token"))

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.token:x}"
