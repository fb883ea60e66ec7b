"""An agreement is published once Pemko, Polmed and Telkom have each approved the very wording that is published."""

from django.utils.translation import gettext as _
from wagtail.actions.publish_page_revision import PublishPagePermissionError
from wagtail.models import PagePermissionTester, Revision, TaskState, Workflow

from knowledge_hub.enums import Partner


class NotApproved(PublishPagePermissionError):
    """An agreement was to be published that not all three partners have approved."""


def workflow() -> Workflow | None:
    """The active workflow in which all three partners approve; None where an administrator has taken it apart."""
    found = Workflow.objects.active()
    for partner in Partner.values:
        found = found.filter(workflow_tasks__task__partnerapprovaltask__partner=partner, workflow_tasks__task__active=True)
    return found.order_by("pk").distinct().first()


def missing(revision: Revision | None) -> list[str]:
    """The partners that have not approved this revision, as values of Partner; all of them where there is none."""
    if revision is None:
        return list(Partner.values)
    states = TaskState.objects.filter(revision=revision, status=TaskState.STATUS_APPROVED)
    approved = set(states.values_list("task__partnerapprovaltask__partner", flat=True))
    return [partner for partner in Partner.values if partner not in approved]


def check(page) -> None:
    """Refuse to make an agreement public, or another wording of it, that was not approved; called whenever a live one is saved.

    Whatever leads there – the editor, a bulk action, a schedule, a copy, the API – passes here.

    Raises:
        NotApproved: says which partners are missing.
    """
    # An alias shows what its original shows, and that was approved.
    if not page.live or page.alias_of_id:
        return
    if page.pk and type(page).objects.filter(pk=page.pk, live=True, live_revision=page.live_revision_id).exists():
        return
    # A copy names the revision of its original.
    own = page.live_revision if page.live_revision and page.live_revision.object_id == str(page.pk) else None
    if partners := missing(own):
        names = ", ".join(str(Partner(partner).label) for partner in partners)
        raise NotApproved(
            _("An agreement is published once all three partners have approved it. Missing: %(partners)s.") % {"partners": names}
        )


class AgreementPermissions(PagePermissionTester):
    """Who may do what with an agreement: its approvals publish it, and its audience closes it."""

    def can_publish(self):
        """Whether this very wording was approved; whose click completed the approvals does not matter."""
        return self.user.is_active and not missing(self.page.latest_revision)

    def can_set_view_restrictions(self):
        """Nobody: who may read it is a field of the document, so that the three approve that too."""
        return False

    def can_unschedule(self):
        """Those who may publish other pages."""
        return self.user.is_active and (self.user.is_superuser or "publish" in self.permissions)
