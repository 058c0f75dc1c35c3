"""The site map, and before it the view that does nothing, by which everything is measured."""

import os

from django.http import HttpRequest, HttpResponse
from django.urls import path

from sistercities import urls


def no_op(request: HttpRequest) -> HttpResponse:
    """Nothing, through the same middleware in the same process; which process that is stands in the answer."""
    return HttpResponse(str(os.getpid()), content_type="text/plain")


urlpatterns = [path("no-op/", no_op), *urls.urlpatterns]

handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500
