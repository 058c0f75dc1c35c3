"""Public addresses of partner cities, of their countries, and of the network of the world."""

from django.urls import path

from cities import views

app_name = "cities"
urlpatterns = [
    path("network/", views.NetworkPage.as_view(), name="network"),
    path("network/suggest/", views.network_suggest, name="network_suggest"),
    path("cities/<slug:slug>/", views.CityDetail.as_view(), name="city"),
    path("countries/<slug:code>/", views.CountryDetail.as_view(), name="country"),
]
