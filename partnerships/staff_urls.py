"""Staff addresses of agreements, and of what they rest on."""

from django.urls import URLPattern, path, register_converter

from partnerships.forms.activities import CommitmentForm
from partnerships.forms.basis import DomainForm, MembershipForm, ProvisionForm, ResolutionForm
from partnerships.forms.lifecycle import MilestoneForm, MilestoneKindForm
from partnerships.forms.notes import NoteForm
from partnerships.forms.sources import SingleSourceForm
from partnerships.models import Verb
from partnerships.staff_views import (
    activities,
    adoption,
    agreements,
    basis,
    candidates,
    contacts,
    desk,
    documents,
    imports,
    lifecycle,
    lists,
    parts,
    report,
    saved,
    sources,
    work,
)
from sistercities.forms import RecordForm
from sistercities.lists import RecordList
from sistercities.staff import RecordAdd, RecordDelete, RecordEdit, RecordHistoryView


def pages(
    word: str, listing: type[RecordList], form: type[RecordForm], edit: type[RecordEdit] = RecordEdit
) -> list[URLPattern]:
    """The five pages of a model that needs no views of its own but its list, `edit` aside."""
    model = listing.model
    name = model._meta.model_name
    return [
        path(f"{word}/", listing.as_view(), name=f"{name}_list"),
        path(f"{word}/add/", RecordAdd.as_view(model=model, form_class=form), name=f"{name}_add"),
        path(f"{word}/<int:pk>/edit/", edit.as_view(model=model, form_class=form), name=f"{name}_edit"),
        path(f"{word}/<int:pk>/delete/", RecordDelete.as_view(model=model), name=f"{name}_delete"),
        path(f"{word}/<int:pk>/history/", RecordHistoryView.as_view(model=model), name=f"{name}_history"),
    ]


def part_pages(
    word: str,
    form: type[RecordForm],
    add: type[parts.PartAdd] = parts.PartAdd,
    edit: type[parts.PartEdit] = parts.PartEdit,
    delete: type[RecordDelete] = parts.PartDelete,
) -> list[URLPattern]:
    """The pages of a model whose records belong to one agreement each and need no views of their own but these."""
    model = form._meta.model
    name = model._meta.model_name
    given = {"model": model, "form_class": form}
    return [
        path(f"partnerships/<int:number>/{word}/add/", add.as_view(**given), name=f"{name}_add"),
        path(f"{word}/<int:pk>/edit/", edit.as_view(**given), name=f"{name}_edit"),
        path(f"{word}/<int:pk>/delete/", delete.as_view(model=model), name=f"{name}_delete"),
        path(f"{word}/<int:pk>/history/", parts.PartHistory.as_view(model=model), name=f"{name}_history"),
    ]


class TableConverter:
    """The kinds of files in which tables are given out."""

    regex = "xlsx|csv"

    def to_python(self, value: str) -> str:
        """The ending, as it stands."""
        return value

    to_url = to_python


class OwnerConverter:
    """What a document belongs to, as addresses call it; the value is the name of the model."""

    WORDS = {
        "partnerships": "agreement",
        "resolutions": "resolution",
        "milestones": "milestone",
        "activities": "activity",
        "commitments": "commitment",
        "cities": "city",
    }
    regex = "|".join(WORDS)

    def to_python(self, value: str) -> str:
        """The name of the model."""
        return self.WORDS[value]

    def to_url(self, value: str) -> str:
        """The word for the model. Raises ValueError for any other."""
        for word, name in self.WORDS.items():
            if name == value:
                return word
        raise ValueError(value)


register_converter(OwnerConverter, "owner")
register_converter(TableConverter, "table")

urlpatterns = [
    path("candidates/", candidates.CandidateList.as_view(), name="candidate_list"),
    path("candidates/<slug:slug>/", candidates.CandidateTake.as_view(), name="candidate_take"),
    path("network/", candidates.Network.as_view(), name="network"),
    path("desk/", desk.DeskSettings.as_view(), name="desk_settings"),
    path("saved-filters/", saved.SavedFilterList.as_view(), name="savedfilter_list"),
    path("saved-filters/add/", saved.SavedFilterAdd.as_view(), name="savedfilter_add"),
    path("saved-filters/<int:pk>/", saved.SavedFilterEdit.as_view(), name="savedfilter_edit"),
    path("partnerships/", agreements.AgreementList.as_view(), name="agreement_list"),
    path("partnerships/export.csv", agreements.AgreementTable.as_view(extension="csv"), name="agreement_table_csv"),
    path("partnerships/export.xlsx", agreements.AgreementTable.as_view(extension="xlsx"), name="agreement_table_xlsx"),
    path("partnerships/together/", agreements.AgreementsTogether.as_view(), name="agreement_together"),
    path("partnerships/add/", agreements.AgreementAdd.as_view(), name="agreement_add"),
    path("partnerships/<int:number>/", work.AgreementWork.as_view(), name="agreement_work"),
    path("partnerships/<int:number>/edit/", agreements.AgreementEdit.as_view(), name="agreement_edit"),
    path("partnerships/<int:number>/preview/", agreements.AgreementPreview.as_view(), name="agreement_preview"),
    path("partnerships/<int:number>/publish/", agreements.AgreementPublish.as_view(), name="agreement_publish"),
    path("partnerships/<int:number>/withdraw/", agreements.AgreementWithdraw.as_view(), name="agreement_withdraw"),
    path("partnerships/<int:number>/delete/", agreements.AgreementDelete.as_view(), name="agreement_delete"),
    path("partnerships/<int:number>/history/", agreements.AgreementHistory.as_view(), name="agreement_history"),
    path("home-city/", adoption.HomeCity.as_view(), name="home_city"),
    path("imports/", imports.ImportList.as_view(), name="import_list"),
    path("imports/add/", imports.ImportAdd.as_view(), name="import_add"),
    path("imports/template.<table:ending>", imports.ImportTemplate.as_view(), name="import_template"),
    path("imports/<int:pk>/", imports.ImportDetail.as_view(), name="import_detail"),
    path("imports/<int:pk>/columns/", imports.ImportColumns.as_view(), name="import_columns"),
    path("imports/<int:pk>/cancel/", imports.ImportCancel.as_view(), name="import_cancel"),
    path("imports/<int:pk>/again/", imports.ImportAgain.as_view(), name="import_again"),
    path("imports/<int:pk>/take/", imports.ImportTake.as_view(), name="import_take"),
    path("imports/<int:pk>/undo/", imports.ImportUndo.as_view(), name="import_undo"),
    path("imports/<int:pk>/delete/", imports.ImportDelete.as_view(), name="import_delete"),
    path("imports/<int:pk>/wrong.<table:ending>", imports.ImportWrong.as_view(), name="import_wrong"),
    path("activities/", lists.ActivityList.as_view(), name="activity_list"),
    path("activities/together/", lists.ActivitiesTogether.as_view(), name="activity_together"),
    path("activities/add/", activities.ActivityAdd.as_view(), name="activity_add"),
    path("activities/<int:pk>/edit/", activities.ActivityEdit.as_view(), name="activity_edit"),
    path("activities/<int:pk>/publish/", activities.ActivityPublish.as_view(), name="activity_publish"),
    path("activities/<int:pk>/unpublish/", activities.ActivityUnpublish.as_view(), name="activity_unpublish"),
    path("activities/<int:pk>/delete/", activities.ActivityDelete.as_view(), name="activity_delete"),
    path("activities/<int:pk>/history/", activities.ActivityHistory.as_view(), name="activity_history"),
    path("commitments/", lists.CommitmentList.as_view(), name="commitment_list"),
    *part_pages("commitments", CommitmentForm, add=activities.CommitmentAdd, edit=activities.CommitmentEdit),
    path("commitments/<int:pk>/settle/", activities.CommitmentSettle.as_view(), name="commitment_settle"),
    *part_pages("sources", SingleSourceForm, delete=sources.SourceDelete),
    path("report/", report.CouncilReport.as_view(), name="report"),
    path("report/report.xlsx", report.CouncilReportFile.as_view(), name="report_file"),
    *(
        path(f"partnerships/<int:number>/{verb}/", lifecycle.Decide.as_view(verb=verb), name=f"agreement_{verb}")
        for verb in Verb
    ),
    path("partnerships/<int:number>/status/", lifecycle.Correct.as_view(), name="agreement_status"),
    path("notes/", lists.NoteList.as_view(), name="note_list"),
    *part_pages("notes", NoteForm),
    path("<owner:owner>/<int:number>/documents/add/", documents.DocumentAdd.as_view(), name="document_add"),
    path("cities/<slug:slug>/contacts/", contacts.CityContacts.as_view(), name="city_contacts"),
    path("cities/<slug:slug>/contacts/add/", contacts.ContactAdd.as_view(), name="contact_add"),
    path("contacts/", lists.ContactList.as_view(), name="contact_list"),
    path("contacts/<int:pk>/edit/", contacts.ContactEdit.as_view(), name="contact_edit"),
    path("contacts/<int:pk>/confirm/", contacts.ContactConfirm.as_view(), name="contact_confirm"),
    path("contacts/<int:pk>/delete/", contacts.ContactErase.as_view(), name="contact_delete"),
    path("contacts/<int:pk>/history/", contacts.ContactHistory.as_view(), name="contact_history"),
    path("documents/", lists.DocumentList.as_view(), name="document_list"),
    path("documents/<int:pk>/", documents.DocumentDetail.as_view(), name="document_detail"),
    path("documents/<int:pk>/edit/", documents.DocumentEdit.as_view(), name="document_edit"),
    path("documents/<int:pk>/delete/", documents.DocumentDelete.as_view(), name="document_delete"),
    path("documents/<int:pk>/history/", documents.DocumentHistory.as_view(), name="document_history"),
    path("documents/<int:pk>/versions/<int:number>/", documents.DocumentFile.as_view(), name="document_version"),
    path(
        "documents/<int:pk>/versions/<int:number>/picture/",
        documents.DocumentFile.as_view(picture=True),
        name="document_picture",
    ),
    path("milestones/", lists.MilestoneList.as_view(), name="milestone_list"),
    *part_pages("milestones", MilestoneForm, add=lifecycle.MilestoneAdd),
    *pages("milestone-kinds", lifecycle.MilestoneKindList, MilestoneKindForm),
    *pages("resolutions", basis.ResolutionList, ResolutionForm, edit=basis.ResolutionEdit),
    *pages("domains", basis.DomainList, DomainForm),
    *pages("provisions", basis.ProvisionList, ProvisionForm),
    *pages("memberships", basis.MembershipList, MembershipForm),
    path("cities/<slug:slug>/shared/add/", basis.AffinityAdd.as_view(), name="affinity_add"),
    path("shared/<int:pk>/edit/", basis.AffinityEdit.as_view(), name="affinity_edit"),
    path("shared/<int:pk>/delete/", basis.AffinityDelete.as_view(), name="affinity_delete"),
    path("shared/<int:pk>/history/", basis.AffinityHistory.as_view(), name="affinity_history"),
]
