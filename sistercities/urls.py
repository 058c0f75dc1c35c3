"""The site map: every address on one screen. Addresses are a contract and do not change."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path
from django.views.i18n import set_language

from cities.views import land
from partnerships.data_views import OpenData
from sistercities import health, sign_in, sitemaps, staff_views, views
from sistercities.staff import restore_pages

desk = [
    path("", staff_views.Dashboard.as_view(), name="dashboard"),
    path("components/", staff_views.Components.as_view(), name="components"),
    path("", include("partnerships.staff_urls")),
    path("", include("cities.staff_urls")),
    *restore_pages(),
]

urlpatterns = [
    path("", views.start, name="start"),
    path("health/live", health.live, name="live"),
    path("health/ready", health.ready, name="ready"),
    path("maps/<slug:version>/<slug:frame>.svg", land, name="land"),
    path("language/", set_language, name="set_language"),
    path("admin/", admin.site.urls),
    path("", include("partnerships.data_urls")),
    path("", include("cities.data_urls")),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemap-<slug:name>-<int:number>.xml", sitemaps.section, name="sitemap_section"),
    path("robots.txt", sitemaps.robots, name="robots"),
    *i18n_patterns(
        path("", views.Home.as_view(), name="home"),
        path("about/", views.About.as_view(), name="about"),
        path("open-data/", OpenData.as_view(), name="open_data"),
        path("", include("partnerships.urls")),
        path("", include("cities.urls")),
        path("staff/", include((desk, "staff"))),
        path("accounts/login/", sign_in.SignIn.as_view(), name="login"),
        path("accounts/logout/", sign_in.SignOut.as_view(), name="logout"),
    ),
]

handler400 = "sistercities.errors.bad_request"
handler403 = "sistercities.errors.forbidden"
handler404 = "sistercities.errors.not_found"
handler500 = "sistercities.errors.server_error"
