"""Names of files are readable, and taken by every system and by the columns that keep them."""

from hypothesis import given
from hypothesis import strategies as st

from visits.domain.file_names import file_name
from visits.models import AgendaItem


def test_signs_that_some_system_refuses_are_replaced():
    assert file_name('Paparan: "Smart City" <2026>/akhir?', "pdf") == "Paparan- -Smart City- -2026-akhir.pdf"


@given(st.text(max_size=300))
def test_any_text_fits_into_the_column_that_keeps_it(text):
    name = file_name(text, "pptx")

    assert len(name) <= AgendaItem._meta.get_field("material_name").max_length
    assert not set(name) & set('\\/:*?"<>|\0\n')
