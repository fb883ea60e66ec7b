"""The workflow task in which one of the three partners approves an agreement."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import AbstractGroupApprovalTask, TaskState

from knowledge_hub.enums import Partner


class PartnerApprovalTask(AbstractGroupApprovalTask):
    """Approval by members of one partner's groups; not by an administrator, and not by a person who approved for another partner."""

    partner = models.CharField(_("partner"), max_length=10, choices=Partner)

    admin_form_fields = [*AbstractGroupApprovalTask.admin_form_fields, "partner"]
    admin_form_readonly_on_edit_fields = [*AbstractGroupApprovalTask.admin_form_readonly_on_edit_fields, "partner"]

    class Meta:
        verbose_name = _("approval by a partner")
        verbose_name_plural = _("approvals by partners")

    @classmethod
    def get_description(cls):
        """Description in the list of task types."""
        return _("One of the three partners approves; an agreement needs all three")

    def may_decide(self, page, user) -> bool:
        """Whether a user may approve for this partner: a member of its groups who has not approved for another partner."""
        return self._user_in_groups(user) and not self._has_spoken(page, user)

    def user_can_access_editor(self, obj, user):
        """Members of the groups and administrators may read the page in the editor."""
        return user.is_superuser or self._user_in_groups(user)

    def locked_for_user(self, obj, user):
        """Always True: nobody may change the wording while it is being approved."""
        return True

    def start(self, workflow_state, user=None):
        """Start the task for the latest revision; cancel approvals of earlier revisions."""
        state = super().start(workflow_state, user=user)
        outdated = workflow_state.task_states.filter(status=TaskState.STATUS_APPROVED).exclude(revision_id=state.revision_id)
        outdated.update(status=TaskState.STATUS_CANCELLED)
        return state

    def on_action(self, task_state, user, action_name, **kwargs):
        """Approve or reject; if the page was changed meanwhile, restart the task for the new revision."""
        if action_name == "approve" and task_state.revision_id != task_state.workflow_state.content_object.latest_revision_id:
            task_state.cancel(user=user, resume=True)
            return
        super().on_action(task_state, user, action_name, **kwargs)

    def get_actions(self, obj, user):
        """Actions of Wagtail's approval task, for users who may approve."""
        return super().get_actions(obj, user) if self.may_decide(obj, user) else []

    def get_task_states_user_can_moderate(self, user, **kwargs):
        """Tasks that wait for a user, for the admin home page."""
        waiting = self.task_states.filter(status=TaskState.STATUS_IN_PROGRESS)
        return waiting if self._user_in_groups(user) else waiting.none()

    def _has_spoken(self, page, user) -> bool:
        state = page.current_workflow_state
        if state is None:
            return False
        spoken = state.task_states.filter(status=TaskState.STATUS_APPROVED, finished_by=user, revision_id=page.latest_revision_id)
        return spoken.exclude(task=self).exists()
