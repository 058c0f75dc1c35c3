"""Staff addresses of cities."""

from django.urls import path

from cities import staff_views as views
from cities import tie_views as ties
from cities.models import Tie, TieSource
from cities.tie_forms import TieForm, TieSourceForm
from sistercities.staff import RecordAdd, RecordDelete, RecordEdit, RecordHistoryView

urlpatterns = [
    path("cities/", views.CityList.as_view(), name="city_list"),
    path("cities/add/", views.CityAdd.as_view(), name="city_add"),
    path("cities/places/", views.PlaceSuggest.as_view(), name="place_suggest"),
    path("cities/<slug:slug>/edit/", views.CityEdit.as_view(), name="city_edit"),
    path("cities/<slug:slug>/delete/", views.CityDelete.as_view(), name="city_delete"),
    path("cities/<slug:slug>/history/", views.CityHistory.as_view(), name="city_history"),
    path("ties/", ties.TieList.as_view(), name="tie_list"),
    path("ties/add/", RecordAdd.as_view(model=Tie, form_class=TieForm), name="tie_add"),
    path("ties/<int:pk>/edit/", RecordEdit.as_view(model=Tie, form_class=TieForm), name="tie_edit"),
    path("ties/<int:pk>/delete/", RecordDelete.as_view(model=Tie), name="tie_delete"),
    path("ties/<int:pk>/history/", RecordHistoryView.as_view(model=Tie), name="tie_history"),
    path("ties/sources/", ties.TieSourceList.as_view(), name="tiesource_list"),
    path("ties/sources/add/", RecordAdd.as_view(model=TieSource, form_class=TieSourceForm), name="tiesource_add"),
    path("ties/sources/<int:pk>/edit/", ties.TieSourceEdit.as_view(), name="tiesource_edit"),
    path("ties/sources/<int:pk>/delete/", RecordDelete.as_view(model=TieSource), name="tiesource_delete"),
    path("ties/sources/<int:pk>/remove/", ties.TieSourceRemove.as_view(), name="tiesource_remove"),
    path("ties/sources/<int:pk>/history/", RecordHistoryView.as_view(model=TieSource), name="tiesource_history"),
    path("ties/lists/add/", ties.TieImportAdd.as_view(), name="tieimport_add"),
    path("ties/lists/<int:pk>/", ties.TieImportDetail.as_view(), name="tieimport_detail"),
    path("ties/lists/<int:pk>/report.csv", ties.TieImportReport.as_view(), name="tieimport_report"),
    path("ties/lists/<int:pk>/delete/", ties.TieImportDelete.as_view(), name="tieimport_delete"),
]
