"""Public addresses of agreements and resolutions."""

from django.urls import path

from partnerships import views

app_name = "partnerships"
urlpatterns = [
    path("partnerships/", views.Browse.as_view(), name="browse"),
    path("partnerships/suggest/", views.suggest, name="suggest"),
    path("partnerships/<int:number>/", views.AgreementDetail.as_view(), name="agreement"),
    path("statistics/", views.StatisticsPage.as_view(), name="statistics"),
    path("resolutions/", views.Resolutions.as_view(), name="resolutions"),
    path("resolutions/<int:pk>/", views.ResolutionDetail.as_view(), name="resolution"),
]
