"""Addresses of the open data and of documents. They have no language: what they give serves readers of every one."""

from django.conf import settings
from django.urls import path, register_converter
from django.urls.converters import StringConverter

from partnerships import data_views
from partnerships.downloads import FORMATS


class LanguageConverter(StringConverter):
    """A language of the site by its code."""

    regex = "|".join(code for code, _name in settings.LANGUAGES)


register_converter(LanguageConverter, "language")

app_name = "data"
urlpatterns = [
    *(
        path(f"data/partnerships.{extension}", data_views.Download.as_view(extension=extension), name=extension)
        for extension in FORMATS
    ),
    path("data/statistics/<slug:chart>.csv", data_views.StatisticsFile.as_view(), name="statistics"),
    path("feeds/partnerships.atom", data_views.Feed.as_view(), name="feed"),
    path("calendar/anniversaries.ics", data_views.Anniversaries.as_view(), name="anniversaries"),
    path("calendar/desk/<slug:key>.ics", data_views.DeskCalendar.as_view(), name="desk_calendar"),
    path(
        "pictures/partnerships/<int:number>.<language:language>.png",
        data_views.AgreementPicture.as_view(),
        name="agreement_picture",
    ),
    path("pictures/cities/<slug:slug>.<language:language>.png", data_views.CityPicture.as_view(), name="city_picture"),
    path("documents/<int:pk>/", data_views.DocumentFile.as_view(), name="document"),
    path("documents/<int:pk>/picture/", data_views.DocumentFile.as_view(picture=True), name="document_picture"),
    path("pictures/<language:language>.png", data_views.PictureView.as_view(), name="site_picture"),
]
