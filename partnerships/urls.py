"""Public addresses of agreements, and of what they are about and rest on."""

from django.urls import path

from partnerships import views

app_name = "partnerships"
urlpatterns = [
    path("partnerships/", views.Browse.as_view(), name="browse"),
    path("partnerships/suggest/", views.suggest, name="suggest"),
    path("partnerships/<int:number>/", views.AgreementDetail.as_view(), name="agreement"),
    path("domains/", views.Domains.as_view(), name="domains"),
    path("domains/<slug:key>/", views.DomainDetail.as_view(), name="domain"),
    path("memberships/", views.Memberships.as_view(), name="memberships"),
    path("provisions/", views.Provisions.as_view(), name="provisions"),
    path("statistics/", views.StatisticsPage.as_view(), name="statistics"),
    path("resolutions/", views.Resolutions.as_view(), name="resolutions"),
    path("resolutions/<int:pk>/", views.ResolutionDetail.as_view(), name="resolution"),
]
