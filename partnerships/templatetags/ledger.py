"""The rows of the list of agreements."""

from django import template
from django.template.loader import get_template
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

register = template.Library()


@register.simple_tag
def ledger_rows(found):
    """The rows of the page that the PublishedFilter `found` shows; each is kept until something public changes."""
    language, period = get_language(), found.period
    rows = {key: found.memory.find(("row", language, key, period)) for key in found.keys}
    missing = [key for key, row in rows.items() if row is None]
    if missing:
        row = get_template("partnerships/browse_row.html")
        for agreement in found.shown.object_list.filter(pk__in=missing):
            is_possible = bool(period) and not agreement.signed_certainly
            rows[agreement.pk] = row.render({"agreement": agreement, "is_possible": is_possible})
            found.memory.put(("row", language, agreement.pk, period), rows[agreement.pk])
    # What was withdrawn since the roll was read has no row.
    return mark_safe("\n".join(row for row in rows.values() if row is not None))
