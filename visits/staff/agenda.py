"""The agenda of a visit: the list with its times, the form of an item, and the buttons of the list. All work without a script."""

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from visits.domain import agenda, protocol, speakers
from visits.models import AgendaItem, Visit
from visits.permissions import DECIDE, RECEIVE
from visits.queries.agenda import agenda_page, item_choices
from visits.staff import agenda_forms
from visits.staff.views import ButtonMixin, ReadableByAuditors, VisitFormView, VisitObjectMixin

WRITING = [DECIDE, RECEIVE]
"""Any of these writes the agenda."""


class _AgendaMixin(VisitObjectMixin):
    """A page about the agenda, which needs less of the visit than others."""

    def get_base_object_queryset(self):
        """The visit with programme and session; one query."""
        return Visit.objects.select_related("programme", "slot")

    @property
    def agenda_url(self) -> str:
        """The list."""
        return reverse("visits_staff:agenda", args=[self.object.pk])


class AgendaView(ReadableByAuditors, _AgendaMixin, TemplateView):
    """The items with their times, clashes, and a short form for a new one."""

    any_permission_required = WRITING
    template_name = "visits/staff/agenda.html"
    page_title = gettext_lazy("Agenda")

    def get_context_data(self, **kwargs):
        page = agenda_page(self.object, may_move=not self.is_read_only)
        return super().get_context_data(agenda=page, kinds=AgendaItem.Kind.choices, **kwargs)


class ItemView(ReadableByAuditors, _AgendaMixin, VisitFormView):
    """The form of an item: a new one without ``item_pk`` in the address."""

    any_permission_required = WRITING
    template_name = "visits/staff/agenda_item.html"
    form_class = agenda_forms.ItemForm
    success_message = gettext_lazy("Saved.")
    back_label = gettext_lazy("Back to the agenda")

    def setup(self, request, *args, item_pk=None, **kwargs):
        """Read the item or begin a new one, and take its stamp before the form writes into it."""
        super().setup(request, *args, **kwargs)
        if item_pk is None:
            self.item = AgendaItem(visit=self.object, kind=AgendaItem.Kind.PRESENTATION, duration_minutes=30)
            self.stamp = agenda.stamp_of(*agenda.items_of(self.object))
        else:
            self.item = get_object_or_404(agenda.items_of(self.object), pk=item_pk)
            self.item.visit = self.object
            self.stamp = agenda.stamp_of(self.item)
        self.material_name = self.item.material_name
        self.title = self.item.name if self.item.pk else _("New item of the agenda")

    def get_page_title(self):
        return self.title

    @property
    def back_url(self) -> str:
        return f"{self.agenda_url}#item-{self.item.pk}" if self.item.pk else self.agenda_url

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "instance": self.item, "choices": item_choices(self.object, self.item)}

    def perform(self, form):
        self.saved = agenda.save_item(form.instance, seen=self.request.POST.get("seen", ""), user=self.request.user)

    def get_success_url(self):
        return f"{self.agenda_url}#item-{self.saved.pk}"

    def get_context_data(self, **kwargs):
        """Add the stamp, suggestions of people, and the latest invitation with its buttons."""
        invitation = speakers.invitations_of(self.object).filter(item=self.item).last() if self.item.pk else None
        return super().get_context_data(
            item=self.item,
            stamp=self.stamp,
            people=protocol.people(self.object),
            material_name=self.material_name,
            invitation=invitation,
            is_invited=bool(invitation) and invitation.state in agenda.VALID,
            can_invite=bool(self.item.pk) and speakers.can_invite(self.object),
            may_invite=self.user_has_permission(DECIDE),
            **kwargs,
        )


class _ButtonView(ButtonMixin, _AgendaMixin, VisitFormView):
    """A button of the list."""

    any_permission_required = WRITING
    form_class = agenda_forms.StampForm
    anchor = ""

    @property
    def back_url(self) -> str:
        return self.agenda_url + self.anchor


class FillView(_ButtonView):
    """Begin with the programme's template; a second press adds nothing."""

    success_message = "%(sentence)s"

    def perform(self, form):
        if agenda.fill_from_template(self.object, user=self.request.user):
            return {"sentence": _("The agenda begins with the items of the template.")}
        return {"sentence": _("The agenda has items already, or the programme has no template.")}


class SortSpeechesView(_ButtonView):
    """Put the speeches into the order of protocol."""

    success_message = gettext_lazy("The speeches are in the order of protocol.")

    def perform(self, form):
        agenda.sort_speeches(self.object, seen=form.cleaned_data["seen"], user=self.request.user)


class MoveItemView(_ButtonView):
    """Give an item another place in the order."""

    form_class = agenda_forms.PlaceForm

    def perform(self, form):
        key, place = form.cleaned_data["to"]
        self.anchor = f"#item-{key}"
        agenda.move_item(self.object, key, place, seen=form.cleaned_data["seen"], user=self.request.user)

    def report(self, values):
        """The list shows what was done."""


class RemoveItemView(_ButtonView):
    """Take an item off the agenda."""

    success_message = gettext_lazy("The item is removed.")

    def setup(self, request, *args, **kwargs):
        """Read the item of the visit."""
        super().setup(request, *args, **kwargs)
        self.item = get_object_or_404(self.object.agenda_items, pk=kwargs["item_pk"])

    def perform(self, form):
        agenda.remove_item(self.item, seen=form.cleaned_data["seen"], user=self.request.user)
