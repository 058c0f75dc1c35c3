"""Pages for what goes wrong, in the reader's language.

An error can strike before the language is chosen, or leave behind that of the request before it. So each page
takes its language anew: from the address, else from what the browser asks for, else Persian.
"""

from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template.loader import get_template
from django.utils.translation import get_language_from_request, override
from django.views.decorators.csrf import requires_csrf_token


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the request could not be understood."""
    return _page(request, "400.html", 400)


@requires_csrf_token
def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: the reader is known, and may not."""
    return _page(request, "403.html", 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: nothing stands at this address, or nothing that this reader may know of."""
    return _page(request, "404.html", 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault. The database may be what failed, so nothing here asks it: not even for the home city."""
    with override(_language(request)):
        return HttpResponseServerError(get_template("500.html").render())


def _page(request, template, status):
    with override(_language(request)):
        return render(request, template, status=status)


def _language(request):
    return get_language_from_request(request, check_path=True)
