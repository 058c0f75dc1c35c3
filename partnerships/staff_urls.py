"""Staff addresses of agreements, and of what they rest on."""

from django.urls import URLPattern, path

from partnerships import staff_views as views
from partnerships.forms import DomainForm, MembershipForm, ProvisionForm, ResolutionForm
from sistercities.forms import RecordForm
from sistercities.staff import RecordAdd, RecordDelete, RecordEdit, RecordHistoryView, RecordList


def pages(word: str, listing: type[RecordList], form: type[RecordForm]) -> list[URLPattern]:
    """The five pages of a model that needs no views of its own but its list."""
    model = listing.model
    name = model._meta.model_name
    return [
        path(f"{word}/", listing.as_view(), name=f"{name}_list"),
        path(f"{word}/add/", RecordAdd.as_view(model=model, form_class=form), name=f"{name}_add"),
        path(f"{word}/<int:pk>/edit/", RecordEdit.as_view(model=model, form_class=form), name=f"{name}_edit"),
        path(f"{word}/<int:pk>/delete/", RecordDelete.as_view(model=model), name=f"{name}_delete"),
        path(f"{word}/<int:pk>/history/", RecordHistoryView.as_view(model=model), name=f"{name}_history"),
    ]


urlpatterns = [
    path("partnerships/", views.AgreementList.as_view(), name="agreement_list"),
    path("partnerships/add/", views.AgreementAdd.as_view(), name="agreement_add"),
    path("partnerships/<int:number>/edit/", views.AgreementEdit.as_view(), name="agreement_edit"),
    path("partnerships/<int:number>/preview/", views.AgreementPreview.as_view(), name="agreement_preview"),
    path("partnerships/<int:number>/publish/", views.AgreementPublish.as_view(), name="agreement_publish"),
    path("partnerships/<int:number>/withdraw/", views.AgreementWithdraw.as_view(), name="agreement_withdraw"),
    path("partnerships/<int:number>/delete/", views.AgreementDelete.as_view(), name="agreement_delete"),
    path("partnerships/<int:number>/history/", views.AgreementHistory.as_view(), name="agreement_history"),
    *pages("resolutions", views.ResolutionList, ResolutionForm),
    *pages("domains", views.DomainList, DomainForm),
    *pages("provisions", views.ProvisionList, ProvisionForm),
    *pages("memberships", views.MembershipList, MembershipForm),
    path("cities/<slug:slug>/shared/add/", views.AffinityAdd.as_view(), name="affinity_add"),
    path("shared/<int:pk>/edit/", views.AffinityEdit.as_view(), name="affinity_edit"),
    path("shared/<int:pk>/delete/", views.AffinityDelete.as_view(), name="affinity_delete"),
    path("shared/<int:pk>/history/", views.AffinityHistory.as_view(), name="affinity_history"),
]
