"""File names are readable, valid on every system, and fit into their columns."""

from hypothesis import given
from hypothesis import strategies as st

from visits.domain.file_names import file_name
from visits.models import AgendaItem


def test_forbidden_characters_are_replaced():
    assert file_name('Paparan: "Smart City" <2026>/akhir?', "pdf") == "Paparan- -Smart City- -2026-akhir.pdf"


@given(st.text(max_size=300))
def test_any_text_gives_a_valid_file_name(text):
    name = file_name(text, "pptx")

    assert len(name) <= AgendaItem._meta.get_field("material_name").max_length
    assert not set(name) & set('\\/:*?"<>|\0\n')
