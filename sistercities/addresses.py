"""Addresses of pages, of which a list or a file has thousands."""

from functools import lru_cache

from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.translation import get_language, override


def page_of_one(view: str, key: int | str, language: str | None = None) -> str:
    """What `reverse` says of a view whose one argument is `key`, a number or a slug; the pattern is looked up once.

    The address is in `language`, the reader's unless given. Raises NoReverseMatch without a key.
    """
    if not key:
        return reverse(view, args=[key])
    before, after = _round_key(view, type(key), language or get_language(), get_script_prefix(), get_urlconf())
    return f"{before}{key}{after}"


@lru_cache(maxsize=256)
def _round_key(view: str, kind: type, language: str | None, *_rests_on: str | None) -> tuple[str, str]:
    with override(language):
        before, _key, after = reverse(view, args=[kind(0)]).rpartition("0")
    return before, after
