"""Viewset of visits, and the menu of all viewsets."""

from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.admin_url_finder import ModelAdminURLFinder, register_admin_url_finder
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup

from visits.models import Visit
from visits.staff import (
    action_views,
    agenda,
    certificates,
    correspondence,
    date_views,
    delegates,
    desk,
    door,
    files,
    listing,
    on_behalf,
    papers,
    preparation,
    questions,
    reception,
    record,
    speakers,
    survey,
)
from visits.staff.adoptions import AdoptionViewSet
from visits.staff.calendar_exceptions import ExceptionViewSet
from visits.staff.certificate_templates import CertificateTemplateViewSet
from visits.staff.dispositions import DispositionsViewSet
from visits.staff.feeds import FeedsViewSet
from visits.staff.filters import VisitFilterSet
from visits.staff.gift_register import GiftViewSet
from visits.staff.letter_register import IncomingViewSet, OutgoingViewSet
from visits.staff.mail_wording import WordingViewSet
from visits.staff.number_sequences import NumberSequenceViewSet
from visits.staff.officials import HostOfficialViewSet
from visits.staff.outgoing_mail import MessageViewSet
from visits.staff.planner import PlannerViewSet
from visits.staff.programmes import ProgrammeViewSet
from visits.staff.received_mail import ReceivedMailViewSet
from visits.staff.resources import BlockViewSet, KindViewSet, ResourceViewSet
from visits.staff.rights import DataRequestViewSet, IncidentViewSet
from visits.staff.settings_overview import SettingsViewSet
from visits.staff.slots import SlotViewSet
from visits.staff.speakers import LedgerViewSet

ACTION_VIEWS = (*date_views.DATE_VIEWS, *action_views.DECISION_VIEWS)
"""Pages of all actions on a visit."""


class VisitURLFinder(ModelAdminURLFinder):
    """Lets reports link to the desk page."""

    edit_url_name = "visits_staff:inspect"

    def get_edit_url(self, instance):
        """URL of the desk page, or None if the user may not see it."""
        if self.user and not self.user.has_perm("visits.view_visit"):
            return None
        return self.construct_edit_url(instance)


class VisitViewSet(ModelViewSet):
    """List and pages of visits. Visits have no edit form; they change only by actions."""

    model = Visit
    name = "visits_staff"
    url_prefix = "visits"
    icon = "calendar-check"
    menu_label = _("Visits")
    menu_order = 100
    index_view_class = listing.VisitIndexView
    inspect_view_class = desk.DeskView
    history_view_class = desk.VisitHistoryView
    inspect_view_enabled = True
    inspect_template_name = desk.DeskView.template_name
    copy_view_enabled = False
    form_fields = []
    filterset_class = VisitFilterSet
    search_fields = ["reference", "organisation", "region__name"]
    list_export = listing.VisitIndexView.list_export
    export_filename = "kunjungan"
    list_per_page = 25
    index_template_name = listing.VisitIndexView.template_name

    def get_common_view_kwargs(self, **kwargs):
        """Remove links to forms that do not exist."""
        return super().get_common_view_kwargs(
            **{"add_url_name": None, "edit_url_name": None, "delete_url_name": None, "usage_url_name": None, **kwargs}
        )

    def get_index_view_kwargs(self, **kwargs):
        return super().get_index_view_kwargs(
            **{"on_behalf_url_name": self.get_url_name("on_behalf"), "index_results_url_name": None, **kwargs}
        )

    def register_admin_url_finder(self):
        register_admin_url_finder(self.model, VisitURLFinder)

    def get_urlpatterns(self):
        kept = {"index", "inspect", "history", "history_results"}
        patterns = [pattern for pattern in super().get_urlpatterns() if pattern.name in kept]
        patterns += [
            path(f"{view.action.name.replace('_', '-')}/<int:pk>/", self.construct_view(view), name=view.action.name)
            for view in ACTION_VIEWS
        ]
        return [
            *patterns,
            path("filters/save/", self.construct_view(listing.SaveFilterView), name="save_filter"),
            path("filters/<int:filter_pk>/remove/", self.construct_view(listing.RemoveFilterView), name="remove_filter"),
            path("on-behalf/", self.construct_view(on_behalf.OnBehalfView), name="on_behalf"),
            path("write/<int:pk>/", self.construct_view(action_views.WriteView), name="write"),
            path("reception/<int:pk>/", self.construct_view(reception.ReceptionView), name="reception"),
            path("reception/<int:pk>/check-in/", self.construct_view(reception.CheckInView), name="check_in"),
            path("reception/<int:pk>/absent/", self.construct_view(reception.AbsentView), name="record_absent"),
            path("reception/<int:pk>/phone/", self.construct_view(door.DoorPageView), name="door"),
            path("reception/<int:pk>/phone/state/", self.construct_view(door.DoorStateView), name="door_state"),
            path("reception/<int:pk>/phone/post/", self.construct_view(door.DoorPostView), name="door_post"),
            path("reception/<int:pk>/phone/worker.js", self.construct_view(door.DoorWorkerView), name="door_worker"),
            path("delegates/<int:pk>/", self.construct_view(delegates.DelegatesView), name="delegates"),
            path("delegates/<int:pk>/<int:delegate_pk>/", self.construct_view(delegates.CorrectDelegateView), name="correct_delegate"),
            path("survey/<int:pk>/", self.construct_view(survey.SurveyView), name="survey"),
            path("questions/<int:pk>/", self.construct_view(questions.QuestionsView), name="questions"),
            path("questions/<int:pk>/<int:question_pk>/", self.construct_view(questions.ModerateView), name="moderate"),
            path("questions/<int:pk>/slides/<int:item_pk>/", self.construct_view(questions.ReleaseView), name="release_slides"),
            path("correspondence/<int:pk>/", self.construct_view(correspondence.CorrespondenceView), name="correspondence"),
            path("correspondence/<int:pk>/register/", self.construct_view(correspondence.RegisterView), name="register"),
            path("correspondence/<int:pk>/disposition/", self.construct_view(correspondence.DisposeView), name="dispose"),
            path("correspondence/<int:pk>/reply/", self.construct_view(correspondence.ReplyView), name="reply"),
            path("correspondence/<int:pk>/reply/issue/", self.construct_view(correspondence.IssueView), name="issue_reply"),
            path("correspondence/<int:pk>/reply/void/", self.construct_view(correspondence.VoidView), name="void_reply"),
            path("correspondence/<int:pk>/reply/signed/", self.construct_view(correspondence.SignedView), name="signed_reply"),
            path("correspondence/<int:pk>/<int:reply_pk>.pdf", self.construct_view(files.SignedReplyView), name="signed_file"),
            path("agenda/<int:pk>/", self.construct_view(agenda.AgendaView), name="agenda"),
            path("agenda/<int:pk>/template/", self.construct_view(agenda.FillView), name="fill_agenda"),
            path("agenda/<int:pk>/speeches/", self.construct_view(agenda.SortSpeechesView), name="sort_speeches"),
            path("agenda/<int:pk>/new/", self.construct_view(agenda.ItemView), name="new_agenda_item"),
            path("agenda/<int:pk>/item/<int:item_pk>/", self.construct_view(agenda.ItemView), name="agenda_item"),
            path("agenda/<int:pk>/move/", self.construct_view(agenda.MoveItemView), name="move_item"),
            path("agenda/<int:pk>/item/<int:item_pk>/remove/", self.construct_view(agenda.RemoveItemView), name="remove_item"),
            path("agenda/<int:pk>/item/<int:item_pk>/invite/", self.construct_view(speakers.InviteView), name="invite_speaker"),
            path("speakers/<int:pk>/<int:invitation_pk>/remind/", self.construct_view(speakers.RemindView), name="remind_speaker"),
            path("speakers/<int:pk>/<int:invitation_pk>/withdraw/", self.construct_view(speakers.WithdrawView), name="withdraw_speaker"),
            path("speakers/<int:pk>/<int:invitation_pk>/upload/", self.construct_view(speakers.AllowUploadView), name="allow_upload"),
            path("agenda/<int:pk>/<int:item_pk>/", self.construct_view(files.MaterialView), name="material"),
            *self.preparation_patterns(),
            path("souvenirs/<int:pk>/", self.construct_view(record.GiftsView), name="gifts"),
            path("minutes/<int:pk>/", self.construct_view(record.MinutesView), name="minutes"),
            path("photos/<int:pk>/<slug:kind>/<int:item_pk>.jpg", self.construct_view(files.PhotoView), name="photo"),
            path("photos/<int:pk>/", self.construct_view(record.PhotosView), name="photos"),
            path("papers/<int:pk>/", self.construct_view(papers.PapersView), name="papers"),
            path("papers/<int:pk>/<slug:key>/make/", self.construct_view(papers.MakePaperView), name="make_paper"),
            path("papers/<int:pk>/<slug:key>/preview/", self.construct_view(papers.PreviewPaperView), name="preview_paper"),
            path("papers/<int:pk>/<slug:key>/values/", self.construct_view(papers.EnterValuesView), name="paper_values"),
            path("papers/<int:pk>/<slug:key>/", self.construct_view(papers.PaperFileView), name="paper"),
            path("papers/<int:pk>/visum/settle/", self.construct_view(record.VisumView), name="visum"),
            path("papers/<int:pk>/reply.docx", self.construct_view(papers.ReplyDocxView), name="reply_docx"),
            path("letter/<int:pk>/<int:letter_pk>/", self.construct_view(files.LetterView), name="letter"),
            *self.certificate_patterns(),
        ]

    def preparation_patterns(self):
        """URLs of the pages and buttons of preparation."""
        one = "preparation/<int:pk>/<int:task_pk>"
        return [
            path("preparation/<int:pk>/", self.construct_view(preparation.PreparationView), name="preparation"),
            path("preparation/<int:pk>/add/", self.construct_view(preparation.AddTaskView), name="add_task"),
            path(f"{one}/", self.construct_view(preparation.ChangeTaskView), name="change_task"),
            path(f"{one}/done/", self.construct_view(preparation.FinishTaskView), name="finish_task"),
            path(f"{one}/open/", self.construct_view(preparation.ReopenTaskView), name="reopen_task"),
            path(f"{one}/remind/", self.construct_view(preparation.RemindOwnerView), name="remind_task"),
            path(f"{one}/remove/", self.construct_view(preparation.RemoveTaskView), name="remove_task"),
            path("souvenirs/<int:pk>/<int:gift_pk>/handed-over/", self.construct_view(preparation.HandOverView), name="hand_over"),
        ]

    def certificate_patterns(self):
        """URLs of the pages of certificates."""
        one = "certificates/<int:pk>/<int:certificate_pk>"
        return [
            path("certificates/<int:pk>/", self.construct_view(certificates.CertificatesView), name="certificates"),
            path("certificates/<int:pk>/progress/", self.construct_view(certificates.ProgressView), name="certificates_progress"),
            path("certificates/<int:pk>/issue/", self.construct_view(certificates.IssueCertificatesView), name="issue_certificates"),
            path("certificates/<int:pk>/seal/", self.construct_view(certificates.SealView), name="seal_certificates"),
            path("certificates/<int:pk>/code/", self.construct_view(certificates.CodeView), name="seal_code"),
            path("certificates/<int:pk>/speaker/", self.construct_view(certificates.SpeakerView), name="speaker_certificate"),
            path("certificates/<int:pk>.zip", self.construct_view(files.CertificatesZipView), name="certificates_zip"),
            path("certificates/<int:pk>.pdf", self.construct_view(files.CertificatesPrintView), name="certificates_print"),
            path(f"{one}.pdf", self.construct_view(files.CertificateFileView), name="certificate"),
            path(f"{one}/revoke/", self.construct_view(certificates.RevokeView), name="revoke"),
            path(f"{one}/replace/", self.construct_view(certificates.ReplaceView), name="replace"),
        ]


class VisitsGroup(ModelViewSetGroup):
    """The menu of study visits."""

    menu_label = _("Study visits")
    menu_icon = "group"
    menu_order = 150
    items = (
        VisitViewSet(),
        PlannerViewSet(),
        DispositionsViewSet(),
        FeedsViewSet(),
        IncomingViewSet(),
        OutgoingViewSet(),
        ReceivedMailViewSet(),
        AdoptionViewSet(),
        SlotViewSet(),
        ProgrammeViewSet(),
        CertificateTemplateViewSet(),
        GiftViewSet(),
        ResourceViewSet(),
        LedgerViewSet(),
        BlockViewSet(),
        KindViewSet(),
        ExceptionViewSet(),
        MessageViewSet(),
        WordingViewSet(),
        NumberSequenceViewSet(),
        HostOfficialViewSet(),
        DataRequestViewSet(),
        IncidentViewSet(),
        SettingsViewSet(),
    )
