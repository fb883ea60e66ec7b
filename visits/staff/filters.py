"""Filters of the list of visits."""

import django_filters
from django.db.models import Q
from django.forms import CheckboxSelectMultiple, RadioSelect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet

from knowledge_hub.core.input_limits import ManyObjectsField
from visits.enums import OrganisationKind, SpokenLanguage, VisitStatus
from visits.models import Programme, Visit
from visits.queries import inbox


class _ManyObjectsField(ManyObjectsField, django_filters.fields.ModelMultipleChoiceField):
    """Several objects of a query parameter."""


class ManyObjectsFilter(django_filters.ModelMultipleChoiceFilter):
    """Filters by several objects; accepts any input safely."""

    field_class = _ManyObjectsField


class VisitFilterSet(WagtailFilterSet):
    """Queue, status, programme, period, province, kind of organisation and spoken language."""

    queue = django_filters.ChoiceFilter(
        label=_("Queue"), choices=list(inbox.QUEUES.items()), method="filter_queue", widget=RadioSelect, empty_label=_("All visits")
    )
    status = django_filters.MultipleChoiceFilter(label=_("Status"), choices=VisitStatus.choices, widget=CheckboxSelectMultiple)
    programme = ManyObjectsFilter(label=_("Programme"), queryset=Programme.objects.all(), widget=CheckboxSelectMultiple)
    period = django_filters.DateFromToRangeFilter(label=_("Date of the visit"), method="filter_period", widget=DateRangePickerWidget)
    province = django_filters.ChoiceFilter(label=_("Province"), choices=inbox.provinces, method="filter_province")
    organisation_kind = django_filters.MultipleChoiceFilter(
        label=_("Kind of organisation"), choices=OrganisationKind.choices, widget=CheckboxSelectMultiple
    )
    spoken_language = django_filters.MultipleChoiceFilter(
        label=_("Language of the visit"), choices=SpokenLanguage.choices, widget=CheckboxSelectMultiple
    )

    class Meta:
        model = Visit
        fields = []

    def filter_queue(self, queryset, name, value):
        """Filter by queue."""
        return queryset.filter(inbox.queue_filter(value, timezone.now(), self.request.user.pk))

    def filter_period(self, queryset, name, value):
        """Filter by the date of the visit, both dates included."""
        start, end = (moment.date() if moment else None for moment in (value.start, value.stop))
        return queryset.filter(inbox.in_period(start, end))

    def filter_province(self, queryset, name, value):
        """Filter by province, with its regencies and cities."""
        return queryset.filter(Q(region_id=value) | Q(region__parent_id=value))
