"""No paper of a visit prints something over something else or beyond its page, whatever the fields hold."""

import pytest
from django.db import models

from knowledge_hub.papers import PaperRefused
from tests.papers.layout import areas_of, collisions, outside
from tests.visits.documents.test_room import FORMS
from tests.visits.office.prepared import prepared_visit
from visits.documents.office.base import Kind
from visits.documents.office.kinds import KINDS
from visits.models import OfficeSettings
from visits.queries.dossier import Dossier, dossier

pytestmark = pytest.mark.django_db
MADE_BY_US = {"reference", "badge_code", "token_nonce", "token_hash", "person_key", "language", "snapshot", "number", "timezone"}


def stretch(facts: Dossier, form: str) -> None:
    """Give every typed line of the visit and what belongs to it its longest value."""
    visit = facts.visit
    rows = [visit, visit.programme, visit.region, facts.office, facts.letter, *facts.dispositions, facts.reply, *facts.items]
    rows += [*facts.delegates, *facts.officials, *facts.gifts, facts.minutes, *facts.questions]
    for row in rows:
        for field in row._meta.concrete_fields:
            if type(field) is models.CharField and not field.choices and not field.primary_key and field.name not in MADE_BY_US:
                setattr(row, field.attname, FORMS[form](field.max_length))


def flaws_of(kind: Kind, facts: Dossier) -> list:
    width, height = kind.size_for(OfficeSettings(paper_size="a4"))
    areas = areas_of(kind.paper(facts), kind.sheet(facts.office))
    return [*collisions(areas), *outside(areas, 5, 5, width - 5, height - 5)][:3]


def test_the_longest_values_of_all_fields_have_their_room():
    facts = dossier(prepared_visit(delegates=1))
    stretch(facts, "one word")
    flaws = {}
    for key, kind in KINDS.items():
        if key == "badges":
            with pytest.raises(PaperRefused, match="WmWm"):
                kind.paper(facts)
            stretch(facts, "capitals")
        flaws[key] = flaws_of(kind, facts)
        stretch(facts, "one word")

    assert {key: found for key, found in flaws.items() if found} == {}
