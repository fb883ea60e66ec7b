"""Cells of the list of visits."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, TitleColumn

from visits.queries.inbox import WorkingDays


class ReferenceColumn(TitleColumn):
    """Reference, organisation and region, leading to the desk."""

    cell_template_name = "visits/staff/cells/reference.html"


class WhenColumn(Column):
    """Day and time at the venue, or the recorded day."""

    cell_template_name = "visits/staff/cells/when.html"


class StatusColumn(Column):
    """The state as a coloured tag with its words."""

    cell_template_name = "visits/staff/cells/status.html"


class DueColumn(Column):
    """How long there is left to answer, in words and colour."""

    cell_template_name = "visits/staff/cells/due.html"

    def __init__(self, name, *, days: WorkingDays, **kwargs):
        super().__init__(name, **kwargs)
        self.days = days

    def get_value(self, instance):
        """Count against the closed days that were read once."""
        return self.days.due(instance)


class YesNoColumn(Column):
    """A fact in words."""

    cell_template_name = "visits/staff/cells/yes_no.html"


def people(visit) -> str:
    """The size of the group, or a dash where it is not known."""
    return str(visit.group_size) if visit.group_size else str(_("not recorded"))


class WhenSlotColumn(Column):
    """Day and time of a session at the venue."""

    cell_template_name = "visits/staff/cells/when_slot.html"
