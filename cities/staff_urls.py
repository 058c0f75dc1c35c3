"""Staff addresses of cities."""

from django.urls import path

from cities import staff_views as views

urlpatterns = [
    path("cities/", views.CityList.as_view(), name="city_list"),
    path("cities/add/", views.CityAdd.as_view(), name="city_add"),
    path("cities/places/", views.PlaceSuggest.as_view(), name="place_suggest"),
    path("cities/<slug:slug>/edit/", views.CityEdit.as_view(), name="city_edit"),
    path("cities/<slug:slug>/delete/", views.CityDelete.as_view(), name="city_delete"),
    path("cities/<slug:slug>/history/", views.CityHistory.as_view(), name="city_history"),
]
