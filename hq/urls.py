"""HQ's pages. /v1/* never gets here: `hq.asgi` mounts the sync API before Django."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView, TemplateView

from hq.join_form import pages
from hq.materials import upload_pages
from hq.payment_notices import pages as payment_notices

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index")),
    path("enrol", TemplateView.as_view(template_name="console/enrol.html")),
    path("join/<str:token>", pages.view()),
    path("payments/notify", payment_notices.view()),
    path("library/uploads", upload_pages.begin),
    path("library/uploads/<uuid:upload_id>", upload_pages.piece),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
]
