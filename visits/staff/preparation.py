"""The page of preparation of a visit: its tasks, what catering and seating must know, and planned souvenirs."""

from django import forms
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from visits.domain import gifts, preparation
from visits.domain.calendar_days import day_of
from visits.models import OfficeSettings, PreparationTask
from visits.permissions import ANY_OF_VISIT, AUDIT, DECIDE, RECEIVE
from visits.queries.preparation import counts, task_rows
from visits.staff.views import ButtonMixin, VisitFormView, VisitObjectMixin


class TaskForm(forms.ModelForm):
    """What is to be done, by whom and until when."""

    class Meta:
        model = PreparationTask
        fields = ["title", "responsible", "email", "days_before"]

    def details(self) -> preparation.TaskDetails:
        """The typed values."""
        return preparation.TaskDetails(**{name: self.cleaned_data[name] for name in self.Meta.fields})


class ChangeTaskForm(TaskForm):
    """Changes a task; ``seen`` tells which state the page showed."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=32)


class NoteForm(forms.Form):
    """A note with a task that is done."""

    note = forms.CharField(required=False, max_length=300)


class PreparationView(PermissionCheckedMixin, VisitObjectMixin, TemplateView):
    """Tasks, counts and planned souvenirs. Who may see the names behind the special needs sees them here."""

    any_permission_required = ANY_OF_VISIT
    template_name = "visits/staff/preparation.html"
    page_title = gettext_lazy("Preparation")

    def get_context_data(self, **kwargs):
        """Read the tasks and the delegates once."""
        delegates = list(self.object.delegates.all())
        may_decide, may_receive = self.user_has_permission(DECIDE), self.user_has_permission(RECEIVE)
        goes_on = preparation.is_being_prepared(self.object)
        may_see_names = may_decide or may_receive or self.user_has_permission(AUDIT)
        return super().get_context_data(
            rows=task_rows(self.object),
            counts=counts(self.object, delegates),
            with_needs=[delegate for delegate in delegates if delegate.needs] if may_see_names else [],
            planned=[gift for gift in self.object.gifts.all() if gift.is_planned],
            goes_on=goes_on,
            may_change=may_decide and goes_on,
            may_finish=(may_decide or may_receive) and goes_on,
            may_read_gifts=may_see_names,
            may_hand_over=may_decide or may_receive,
            day=day_of(self.object),
            **kwargs,
        )


class _PreparationForm(VisitFormView):
    """A form that leads back to the page of preparation."""

    back_label = gettext_lazy("Back to the preparation")

    @property
    def back_url(self):
        return reverse("visits_staff:preparation", args=[self.object.pk])


class AddTaskView(_PreparationForm):
    """Adds a task."""

    permission_required = DECIDE
    form_class = TaskForm
    page_title = gettext_lazy("Add a task")
    explanation = gettext_lazy(
        "With an e-mail address, its owner gets a mail with a link, by which the task is marked as done without a password."
    )
    success_message = gettext_lazy("The task is added.")

    def get_obstacle(self):
        if preparation.is_being_prepared(self.object):
            return ""
        return _("The visit is “%(status)s”. Nothing has to be prepared for it now.") % {"status": self.object.get_status_display()}

    def perform(self, form):
        preparation.add(self.object, form.details(), by=self.request.user)


class _TaskMixin:
    """A page about one task of the visit."""

    @cached_property
    def task(self) -> PreparationTask:
        """The task; 404 if it is gone."""
        return get_object_or_404(self.object.tasks.select_related("visit"), pk=self.kwargs["task_pk"])


class ChangeTaskView(_TaskMixin, _PreparationForm):
    """Changes a task."""

    permission_required = DECIDE
    form_class = ChangeTaskForm
    page_title = gettext_lazy("Change the task")
    explanation = gettext_lazy("Its owner is told by mail. A new address gets a new link, and the old link stops working.")
    success_message = gettext_lazy("The task is changed.")

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "instance": self.object.tasks.get(pk=self.task.pk)}

    def get_initial(self):
        return {"seen": preparation.fingerprint(self.task)}

    def perform(self, form):
        preparation.change(self.task, form.details(), seen=form.cleaned_data["seen"], by=self.request.user)


class RemoveTaskView(_PreparationForm):
    """Removes a task; a second press, or one on an old page, finds it gone."""

    permission_required = DECIDE
    form_class = forms.Form
    page_title = gettext_lazy("Remove the task")
    button = gettext_lazy("Remove")
    is_danger = True
    success_message = gettext_lazy("The task is removed.")

    @cached_property
    def task(self) -> PreparationTask | None:
        """The task, or None if it is gone."""
        return self.object.tasks.select_related("visit").filter(pk=self.kwargs["task_pk"]).first()

    def get_obstacle(self):
        return "" if self.task else _("Somebody else removed this task meanwhile.")

    def get_explanation(self):
        return _("“%(task)s” is removed, and its owner is told by mail.") % {"task": self.task.title if self.task else ""}

    def perform(self, form):
        if self.task:
            preparation.remove(self.task, by=self.request.user)


class _TaskButton(ButtonMixin, _TaskMixin, _PreparationForm):
    """A button on the row of a task."""

    @property
    def back_url(self):
        return f"{super().back_url}#task-{self.kwargs['task_pk']}"


class FinishTaskView(_TaskButton):
    """Marks a task as done."""

    any_permission_required = [DECIDE, RECEIVE]
    form_class = NoteForm
    success_message = gettext_lazy("The task is done.")

    def perform(self, form):
        preparation.finish(self.task, note=form.cleaned_data["note"], by=self.request.user)


class ReopenTaskView(_TaskButton):
    """Opens a task again."""

    any_permission_required = [DECIDE, RECEIVE]
    success_message = gettext_lazy("The task is open again.")

    def perform(self, form):
        preparation.reopen(self.task, by=self.request.user)


class RemindOwnerView(_TaskButton):
    """Sends the owner of a task a reminder."""

    permission_required = DECIDE
    success_message = gettext_lazy("The reminder is on its way.")

    def perform(self, form):
        preparation.remind(self.task, by=self.request.user)


class HandOverView(ButtonMixin, _PreparationForm):
    """Turns a planned souvenir into one that was given."""

    any_permission_required = [DECIDE, RECEIVE]
    success_message = gettext_lazy("The souvenir stands in the register now.")

    def perform(self, form):
        gift = get_object_or_404(self.object.gifts, pk=self.kwargs["gift_pk"])
        threshold = OfficeSettings.load(request_or_site=self.request).gift_review_threshold
        gifts.hand_over(gift, threshold=threshold, by=self.request.user)
