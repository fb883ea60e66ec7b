"""Publishing rule of agreements: Pemko, Polmed and Telkom must each have approved exactly the revision that is published."""

from django.utils.translation import gettext as _
from wagtail.actions.publish_page_revision import PublishPagePermissionError
from wagtail.admin.forms.pages import WagtailAdminPageForm
from wagtail.models import PagePermissionTester, Revision, TaskState, Workflow

from knowledge_hub.enums import Partner


class NotApproved(PublishPagePermissionError):
    """Publishing was refused because not all three partners have approved this revision."""


def workflow() -> Workflow | None:
    """The active workflow in which all three partners approve; None if an administrator has removed it."""
    found = Workflow.objects.active()
    for partner in Partner.values:
        found = found.filter(workflow_tasks__task__partnerapprovaltask__partner=partner, workflow_tasks__task__active=True)
    return found.order_by("pk").distinct().first()


def missing(revision: Revision | None) -> list[str]:
    """The partners that have not approved a revision, as values of Partner; all partners if there is no revision."""
    if revision is None:
        return list(Partner.values)
    states = TaskState.objects.filter(revision=revision, status=TaskState.STATUS_APPROVED)
    approved = set(states.values_list("task__partnerapprovaltask__partner", flat=True))
    return [partner for partner in Partner.values if partner not in approved]


def check(page) -> None:
    """Refuse to publish an agreement, or a new wording of it, that was not approved; called whenever a live page is saved.

    All ways of publishing call it: editor, bulk action, schedule, copy and API.

    Raises:
        NotApproved: says which partners are missing.
    """
    # An alias shows its original, which was approved.
    if not page.live or page.alias_of_id:
        return
    if page.pk and type(page).objects.filter(pk=page.pk, live=True, live_revision=page.live_revision_id).exists():
        return
    # A copied page still refers to the revision of its original.
    own = page.live_revision if page.live_revision and page.live_revision.object_id == str(page.pk) else None
    if partners := missing(own):
        names = ", ".join(str(Partner(partner).label) for partner in partners)
        raise NotApproved(
            _("An agreement is published once all three partners have approved it. Missing: %(partners)s.") % {"partners": names}
        )


class AgreementPermissions(PagePermissionTester):
    """Permissions on an agreement: approvals publish it, and its audience field restricts it."""

    def can_publish(self):
        """Whether the latest revision is approved by all partners; the user does not matter."""
        return self.user.is_active and not missing(self.page.latest_revision)

    def can_set_view_restrictions(self):
        """Always False: the audience is a field of the document, so that the partners approve it too."""
        return False

    def can_unschedule(self):
        """Whether the user may publish other pages."""
        return self.user.is_active and (self.user.is_superuser or "publish" in self.permissions)


class AgreementForm(WagtailAdminPageForm):
    """Refuses to publish: an agreement must be submitted to the three partners."""

    def clean(self):
        """Add an error if the publish button was pressed; the form keeps everything that was typed."""
        cleaned = super().clean()
        if self.data.get("action-publish"):
            self.add_error(None, _("An agreement is published once all three partners have approved it. Submit it to them instead."))
        return cleaned
