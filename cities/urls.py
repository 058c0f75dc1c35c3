"""Public addresses of partner cities and their countries."""

from django.urls import path

from cities import views

app_name = "cities"
urlpatterns = [
    path("cities/<slug:slug>/", views.CityDetail.as_view(), name="city"),
    path("countries/<slug:code>/", views.CountryDetail.as_view(), name="country"),
]
