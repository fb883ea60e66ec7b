"""An agreement is published only when Pemko, Polmed and Telkom have approved it."""

import datetime as dt

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.actions.copy_page import CopyPageAction
from wagtail.models import GroupPagePermission, Workflow
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from knowledge_hub.agreements.approval import NotApproved
from knowledge_hub.content import loader
from knowledge_hub.core import clock
from knowledge_hub.models import CaseStudyPage, CollaborationDocumentPage, CustomDocument, Partner
from knowledge_hub.staff import groups
from tests.factories import UserFactory
from tests.knowledge_hub.content import ContentTestCase, agreement, approve, member

PEMKO, POLMED, TELKOM = Partner.values


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


class AgreementDraftMixin:
    """An unsubmitted draft, and an approver of each partner."""

    def setUp(self):
        self.page = agreement(self.index(), title="Perjanjian Zamrud", approved=False)
        self.approver = {partner: member(groups.approvers(partner)) for partner in Partner.values}

    def reload(self) -> CollaborationDocumentPage:
        return CollaborationDocumentPage.objects.get(pk=self.page.pk)

    def submit(self) -> None:
        self.page.get_workflow().start(self.page, UserFactory())
        self.page = self.reload()

    def press(self, user, action: str, **more):
        """Send a workflow action of the editor, as the browser does."""
        address = reverse("wagtailadmin_pages:workflow_action", args=[self.page.pk, action, self.reload().current_workflow_task_state.pk])
        return signed_in(user).post(address, more)

    def form(self, **values) -> dict:
        """The data of the editor's form for the agreement."""
        page = self.reload()
        return nested_form_data(
            {
                "title": page.title,
                "slug": page.slug,
                "kind": page.kind,
                "audience": page.audience,
                "remind_days": "90",
                **{name: streamfield([]) for name in ("parties", "signatories", "annexes", "body", "sources")},
                **{
                    name: {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 1000}
                    for name in ("versions", "page_links", "page_topics", "comments")
                },
                **values,
            }
        )


class ThreePartnersMixin(AgreementDraftMixin):
    def test_an_agreement_is_published_after_three_approvals(self):
        self.submit()
        mail.outbox.clear()

        for number, partner in enumerate(Partner.values):
            assert self.client.get(self.page.url).status_code == 404, number
            assert self.press(self.approver[partner], "approve").status_code == 302

        assert self.client.get(self.page.url).status_code == 200
        waiting = [message.to for message in mail.outbox]
        assert [self.approver[POLMED].email] in waiting
        assert [self.approver[TELKOM].email] in waiting

    def test_nobody_approves_for_another_partner(self):
        self.submit()

        for user in (self.approver[POLMED], member(groups.MODERATORS), UserFactory(admin=True)):
            self.press(user, "approve")
            assert self.reload().current_workflow_task_state.status == "in_progress"
            assert self.reload().current_workflow_task.partner == PEMKO

    def test_one_person_approves_for_one_partner(self):
        both = member(groups.approvers(PEMKO), groups.approvers(POLMED))
        self.submit()

        self.press(both, "approve")
        self.press(both, "approve")

        assert self.reload().current_workflow_task.partner == POLMED
        assert self.reload().current_workflow_task_state.status == "in_progress"

    def test_the_wording_is_locked_during_approval(self):
        self.submit()

        for user in (self.approver[PEMKO], member(groups.MODERATORS), UserFactory(admin=True)):
            assert self.reload().current_workflow_task.locked_for_user(self.page, user)
        address = reverse("wagtailadmin_pages:edit", args=[self.page.pk])
        signed_in(UserFactory(admin=True)).post(address, self.form(title="Diubah diam-diam"))
        assert self.reload().get_latest_revision().content["title"] == "Perjanjian Zamrud"

    def test_a_change_during_approval_restarts_it(self):
        self.submit()
        self.press(self.approver[PEMKO], "approve")
        page = self.reload()
        page.title = "Perjanjian Zamrud, diubah"
        page.save_revision()

        # The first approval finds a changed wording and restarts the workflow instead.
        for _ in range(2):
            self.press(self.approver[POLMED], "approve")
            assert not self.reload().live
        assert self.reload().current_workflow_task.partner == PEMKO
        self.press(self.approver[PEMKO], "approve")
        self.press(self.approver[TELKOM], "approve")

        assert self.reload().live
        assert self.reload().title == "Perjanjian Zamrud, diubah"

    def test_a_change_after_rejection_needs_three_approvals(self):
        self.submit()
        self.press(self.approver[PEMKO], "approve")
        self.press(self.approver[POLMED], "reject", comment="Pasal 3")
        page = self.reload()
        page.title = "Perjanjian Zamrud, pasal 3 baru"
        page.save_revision()
        page.current_workflow_state.resume(user=UserFactory())

        for partner in (POLMED, PEMKO, TELKOM):
            assert not self.reload().live
            self.press(self.approver[partner], "approve")
        assert self.reload().live

    def test_the_author_gets_a_rejection_with_reason(self):
        writer = member(groups.editors(TELKOM))
        self.page.get_workflow().start(self.page, writer)
        mail.outbox.clear()

        self.press(self.approver[PEMKO], "reject", comment="Pasal 3 belum sesuai.")

        state = self.reload().current_workflow_state
        assert state.status == "needs_changes"
        assert state.current_task_state.comment == "Pasal 3 belum sesuai."
        assert [writer.email] in [message.to for message in mail.outbox]

    def test_only_approved_wordings_replace_a_published_one(self):
        page = approve(self.page)
        page.title = "Perjanjian Zamrud, adendum"
        page.save_revision()

        with pytest.raises(NotApproved):
            page.get_latest_revision().publish(user=UserFactory(admin=True), skip_permission_checks=True)
        assert self.reload().title == "Perjanjian Zamrud"

        approve(page)
        assert self.reload().title == "Perjanjian Zamrud, adendum"


class NoOtherWayMixin(AgreementDraftMixin):
    def setUp(self):
        super().setUp()
        self.admin = UserFactory(admin=True)

    def test_the_editor_offers_submission_instead_of_publishing(self):
        client = signed_in(self.admin)
        address = reverse("wagtailadmin_pages:edit", args=[self.page.pk])

        assert "action-publish" not in client.get(address).content.decode()
        answer = client.post(address, self.form(title="Diterbitkan sendiri", **{"action-publish": "1"}))

        assert answer.status_code == 200
        assert "Ajukan kepada mereka" in answer.content.decode()
        assert "Diterbitkan sendiri" in answer.content.decode()
        assert not self.reload().live

    def test_a_new_agreement_is_submitted_to_the_partners(self):
        address = reverse("wagtailadmin_pages:add", args=["knowledge_hub", "collaborationdocumentpage", self.index().pk])
        client = signed_in(self.admin)

        html = client.get(address).content.decode()
        assert "action-publish" not in html
        assert "Persetujuan tiga pihak" in html
        client.post(address, self.form(title="Perjanjian Safir", slug="safir", **{"action-submit": "1"}))

        assert CollaborationDocumentPage.objects.get(slug="safir").current_workflow_task.partner == PEMKO

    def test_bulk_actions_and_copies_cannot_publish(self):
        moderator = member(groups.MODERATORS)

        for user in (self.admin, moderator):
            address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
            signed_in(user).post(f"{address}?id={self.page.pk}", {"include_descendants": "on"})
        assert not self.reload().live

        published = approve(self.page)
        with pytest.raises(PermissionDenied):
            CopyPageAction(published, update_attrs={"slug": "salinan"}, user=self.admin, keep_live=True).execute(
                skip_permission_checks=True
            )

    def test_making_a_page_live_by_code_fails(self):
        page = self.reload()
        page.live = True

        with pytest.raises(NotApproved, match="Telkom"):
            page.save()

    def test_an_incomplete_workflow_publishes_nothing(self):
        self.submit()
        workflow = Workflow.objects.get(name="Persetujuan tiga pihak")
        workflow.workflow_tasks.filter(task__partnerapprovaltask__partner__in=(POLMED, TELKOM)).delete()

        with pytest.raises(PermissionDenied):
            self.page.current_workflow_task_state.approve(user=self.approver[PEMKO])
        assert not self.reload().live

    def test_the_audience_cannot_be_changed_without_approval(self):
        published = approve(agreement(self.index(), title="Tertutup", audience="partners", approved=False))

        address = reverse("wagtailadmin_pages:set_privacy", args=[published.pk])
        answer = signed_in(self.admin).post(address, {"restriction_type": "none"})

        assert answer.status_code == 302
        assert published.get_view_restrictions().exists()

    def test_files_of_restricted_drafts_are_private(self):
        file = CustomDocument.objects.create(title="Zamrud", file=ContentFile(b"rahasia", name="zamrud.txt"))
        annexes = [("attachment", {"document": file, "title": ""})]

        agreement(self.index(), title="Rancangan", audience="staff", annexes=annexes, approved=False)

        assert self.client.get(file.url).status_code == 302


class SchedulingMixin(AgreementDraftMixin):
    def test_approved_pages_are_published_and_expire_on_schedule(self):
        self.page.go_live_at = timezone.now() + dt.timedelta(days=1)
        self.page.expire_at = timezone.now() + dt.timedelta(days=3)
        self.page.save_revision()
        page = approve(self.page)
        assert not page.live

        seen = []
        for days in (0.5, 1.1, 3.1):
            with time_machine.travel(timezone.now() + dt.timedelta(days=days), tick=False):
                clock.every_minute.send(sender=None, now=timezone.now())
                seen.append(self.client.get(page.url).status_code)

        assert seen == [404, 200, 404]

    def test_scheduled_publishing_updates_a_cached_index(self):
        page = self.case()
        page.title = "Judul yang terbit besok"
        page.go_live_at = timezone.now() + dt.timedelta(days=1)
        page.save_revision().publish()

        with self.page_cache():
            before = self.client.get(self.index().url).content.decode()
            with time_machine.travel(timezone.now() + dt.timedelta(days=1, minutes=1), tick=False):
                clock.every_minute.send(sender=None, now=timezone.now())
                after = self.client.get(self.index().url).content.decode()

        assert "Judul yang terbit besok" not in before
        assert "Judul yang terbit besok" in after


class GroupsMixin:
    def test_partner_editors_cannot_publish_their_drafts(self):
        writer = member(groups.editors(TELKOM))
        client = signed_in(writer)
        address = reverse("wagtailadmin_pages:add", args=["knowledge_hub", "casestudypage", self.index().pk])
        html = client.get(address).content.decode()
        assert "action-publish" not in html
        assert "Pemeriksaan moderator" in html

        sections = ("context", "solution", "novelty", "implementation", "challenges", "lessons", "sustainability")
        streams = ("partners", "milestones", "costs", "legal_basis", "results", "readiness", "shareable", "contacts", "registers")
        formsets = ("page_links", "page_topics", "page_directions", "comments")
        values = {
            "title": "Kasus dari Telkom",
            "slug": "kasus-dari-telkom",
            "status": "trial",
            "cost_band": "unknown",
            **{name: rich_text("") for name in sections},
            **{name: streamfield([]) for name in (*streams, "attachments", "gallery", "sources")},
            **{name: {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 1000} for name in formsets},
        }
        client.post(address, nested_form_data({**values, "action-publish": "1"}))

        case = CaseStudyPage.objects.get(slug="kasus-dari-telkom")
        assert not case.live
        assert not case.permissions_for_user(writer).can_publish()
        assert case.permissions_for_user(member(groups.MODERATORS)).can_publish()
        assert case.get_workflow().name == "Pemeriksaan moderator"

    def test_only_pemko_editors_may_edit_every_page(self):
        for partner, may in ((PEMKO, True), (POLMED, False), (TELKOM, False)):
            assert self.case().permissions_for_user(member(groups.editors(partner))).can_edit() is may, partner

    def test_reloading_content_keeps_changed_permissions(self):
        group = Group.objects.get(name=groups.editors(POLMED))
        group.permissions.clear()
        GroupPagePermission.objects.filter(group=group).delete()

        loader.load()

        assert not group.permissions.exists()
        assert not GroupPagePermission.objects.filter(group=group).exists()
        assert Workflow.objects.count() == 2
        assert not Group.objects.filter(name__in=("Moderators", "Editors")).exists()

    def test_auditors_may_read_but_change_nothing(self):
        auditor = member(groups.AUDITORS)

        assert auditor.has_perms(["visits.view_visit", "knowledge_hub.view_pagefeedback", groups.REPORTS])
        assert not [name for name in auditor.get_all_permissions() if name.split(".")[1].startswith(("add_", "change_", "delete_"))]


class ApprovalTest(ThreePartnersMixin, NoOtherWayMixin, SchedulingMixin, GroupsMixin, ContentTestCase):
    """All tests in one class, so that the content is loaded once."""
