"""Addresses of the open data of the network. They have no language, or it stands at their end."""

from django.urls import path

from cities import data_views

app_name = "world"
urlpatterns = [
    path("data/ties.csv", data_views.ties, name="ties"),
    path("data/network/<slug:name>.csv", data_views.chart, name="chart"),
    path("data/network.<language:language>.json", data_views.network, name="network"),
]
