"""Nothing is printed over something else, whatever the fields of a certificate hold."""

import re
from dataclasses import replace

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError

from knowledge_hub.papers import PaperRefused
from knowledge_hub.papers.fields import PrintedField
from tests.papers.layout import Area, areas_of, collisions, outside
from tests.visits.documents.test_certificate import content
from visits.booking_form.declarations import QUESTIONS
from visits.documents import certificate as paper
from visits.documents.certificate_designs import DESIGNS, sheet_of, source
from visits.models import Delegate, Visit

FIELDS = {
    "number": ("visits.Certificate", "number"),
    "name": ("visits.Delegate", "name"),
    "position": ("visits.Delegate", "position"),
    "organisation": ("visits.Delegate", "unit"),
    "region": ("knowledge_hub.Region", "name"),
    "programme_id": ("visits.Programme", "name_id"),
    "programme_en": ("visits.Programme", "name_en"),
    "venue_id": ("visits.Programme", "venue_id"),
    "venue_en": ("visits.Programme", "venue_en"),
    **{
        name: ("visits.CertificateTemplate", name)
        for name in (
            *("heading_id", "heading_en", "deed_id", "deed_en", "closing_id", "closing_en", "issuer", "issuer_address", "place"),
            *("signatory_name", "signatory_position", "signatory_rank"),
        )
    },
}
"""Every text of a certificate, and the field that limits its length."""

WORDS = "Sekretariat Dewan Perwakilan Rakyat Daerah Kabupaten Labuhanbatu Selatan, Provinsi Sumatera Utara Bagian Timur "
FORMS = {
    "words": lambda length: (WORDS * 4)[:length].strip(),
    "capitals": lambda length: (WORDS.upper() * 4)[:length].strip(),
    "one word": lambda length: "Wm" * (length // 2),
    "short words": lambda length: "W M " * (length // 4),
}
# left, top, right, bottom within the frame of each design, and the code.
FRAMES = {"participant": (24, 23, 273, 186.4), "speaker": (51, 18, 287, 200), "letter": (22, 10, 189, 286)}
SIGNED = {"signatory_name": "Contoh", "signatory_position": "Sekretaris Daerah", "signatory_rank": "Pembina"}


def longest(form: str, *names: str) -> dict[str, str]:
    return {name: FORMS[form](apps.get_model(FIELDS[name][0])._meta.get_field(FIELDS[name][1]).max_length) for name in names}


def certificate(design: str, values: dict) -> paper.CertificateContent:
    return replace(content(position="Kepala", issuer_address="Jalan Contoh 1", design=design, **SIGNED), **values)


def is_refused(one: paper.CertificateContent) -> bool:
    try:
        paper.lines_of(one, DESIGNS[one.design])
        paper.shared_lines_of(one, DESIGNS[one.design])
    except PaperRefused:
        return True
    return False


def flaws(one: paper.CertificateContent) -> list:
    design = DESIGNS[one.design]
    x, y, size = design.qr["x"], design.qr["y"], design.qr["size"]
    areas = [*areas_of(paper.paper_of(one), sheet_of(design)), Area("code", 0, x, y, x + size, y + size)]
    return [*collisions(areas), *outside(areas, *FRAMES[one.design])]


@pytest.mark.parametrize("design", DESIGNS)
class TestRoom:
    @pytest.mark.parametrize("form", FORMS)
    def test_the_longest_values_have_their_room_or_are_refused(self, design, form):
        values = longest(form, *FIELDS)
        fit = {name: value for name, value in values.items() if not is_refused(certificate(design, {name: value}))}
        topics = tuple(FORMS[form](40) for _ in range(4))

        assert flaws(certificate(design, {**fit, "region": "", "topics_id": topics})) == []
        if form in {"words", "capitals"}:
            assert fit == values
            assert flaws(certificate(design, {**fit, "topics_id": topics})) == []
        else:
            assert len(fit) > len(values) / 2

    def test_an_unsigned_paper_with_the_longest_issuer(self, design):
        assert flaws(certificate(design, {**longest("words", *FIELDS), "signatory_name": ""})) == []

    def test_every_other_word_is_a_fixed_one(self, design):
        """No field of the content stands on a template by itself."""
        shown = set(re.findall(r"{{ (\w+)\.", source(DESIGNS[design].html)))
        assert shown <= {"line", "shared", "words", "forloop"}


def test_every_text_is_checked_where_it_is_typed():
    checked = [apps.get_model(model)._meta.get_field(name) for key, (model, name) in FIELDS.items() if key not in {"number", "region"}]
    # Delegates are checked as a list, with their rows: visits.domain.delegates.unprintable.
    assert [str(field) for field in checked if not isinstance(field, PrintedField) and field.model is not Delegate] == []
    with pytest.raises(ValidationError, match=r"U\+1F600"):
        Visit._meta.get_field("organisation").run_validators("Dinas \U0001f600")
    with pytest.raises(ValidationError, match=r"U\+1F600"):
        next(question for question in QUESTIONS if question.name == "organisation").field.clean("Dinas \U0001f600")


def test_words_over_each_other_are_noticed():
    one, other = Area("one", 0, 10, 10, 30, 14), Area("other", 0, 20, 12, 40, 16)
    assert collisions([one, other, replace(other, page=1)]) == [("one", "other")]
    assert outside([one, other], 15, 0, 100, 100) == ["one"]
