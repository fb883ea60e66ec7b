"""The queue of dispositions of the signed-in person, made for a phone, and letters on which nobody has written one."""

from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.viewsets.base import ViewSet

from visits.domain import letters
from visits.domain.calendar_days import local_date
from visits.models import Disposition, Visit
from visits.permissions import DISPOSE
from visits.queries import letter_register
from visits.staff.views import ButtonMixin, StaffFormView

MOST_LETTERS = 30
"""Letters without a disposition that the page shows."""


class DispositionsView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """What the person has to do, the most urgent first."""

    model = Visit
    permission_required = DISPOSE
    template_name = "visits/staff/dispositions.html"
    page_title = gettext_lazy("My dispositions")
    header_icon = "tasks"

    def get_breadcrumbs_items(self):
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs):
        queue = list(letter_register.queue_of(self.request.user))
        words = dict(Disposition.Instruction.choices)
        for disposition in queue:
            disposition.ticked = [words[code] for code in disposition.instructions if code in words]
        return super().get_context_data(
            queue=queue,
            letters=list(letter_register.without_disposition()[:MOST_LETTERS]),
            today=local_date(timezone.now()),
            **kwargs,
        )


class FinishDispositionView(ButtonMixin, StaffFormView):
    """Takes a letter out of the own queue."""

    model = Visit
    permission_required = DISPOSE
    success_message = gettext_lazy("Done. The letter is not in your queue any more.")

    @property
    def back_url(self) -> str:
        return reverse("visits_dispositions:index")

    def perform(self, form):
        disposition = get_object_or_404(Disposition, pk=self.kwargs["pk"])
        letters.finish_disposition(disposition, by=self.request.user)


class DispositionsMenuItem(MenuItem):
    """Shown to those who read dispositions."""

    def is_shown(self, request):
        return request.user.has_perm(f"visits.{DISPOSE}_visit")


class DispositionsViewSet(ViewSet):
    """The queue of dispositions."""

    name = "visits_dispositions"
    url_prefix = "visits/dispositions"
    icon = "tasks"
    menu_label = gettext_lazy("My dispositions")
    menu_item_class = DispositionsMenuItem

    def get_urlpatterns(self):
        return [
            path("", DispositionsView.as_view(), name="index"),
            path("<int:pk>/done/", FinishDispositionView.as_view(), name="done"),
        ]
