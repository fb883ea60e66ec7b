"""What staff enter for single papers of a visit; the papers declare it (visits/documents/declaration.py)."""

from collections.abc import Mapping

from django.db import transaction
from wagtail.log_actions import log

from knowledge_hub.models import User
from visits.models import Visit


@transaction.atomic
def enter(visit: Visit, paper: str, values: Mapping[str, str | bool], *, by: User | None = None) -> None:
    """Save the values of one paper, as JSON holds them, in place of those that were there; those of other papers stay.

    The log has the values that changed, before and after.
    """
    current = Visit.objects.select_for_update(of=("self",)).get(pk=visit.pk)
    before = current.paper_values.get(paper, {})
    changes = {name: [before.get(name), value] for name, value in values.items() if before.get(name) != value}
    if not changes:
        return
    visit.paper_values = {**current.paper_values, paper: dict(values)}
    Visit.objects.filter(pk=visit.pk).update(paper_values=visit.paper_values)
    log(instance=visit, action="visits.paper_values", user=by, data={"paper": paper, "changes": changes})
