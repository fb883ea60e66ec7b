"""Names on papers: any script, up to 120 letters, and no deceptive control characters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_hub.papers import PaperRefused
from knowledge_hub.papers.names import LONGEST_NAME, clean_name


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("  Siti   Rahma ", "Siti Rahma"),
        ("Siti\tRahma\n", "Siti Rahma"),
        ("Siti\x00\x07Rahma", "Siti Rahma"),
        ("Andre\u0301", "André"),
        ("a\u202egnp.exe", "agnp.exe"),  # the control character reverses the rest: shown as "aexe.png"
        ("\ufeffBudi\u200b", "Budi"),
        ("می\u200cخواهم", "می\u200cخواهم"),  # this joiner is part of the spelling
        ("H.M. Yusuf, S.STP., M.A.P.", "H.M. Yusuf, S.STP., M.A.P."),
        ("ꦱꦶꦠꦶ", "ꦱꦶꦠꦶ"),
    ],
)
def test_names_are_cleaned_without_changing_their_reading(typed, printed):
    assert clean_name(typed) == printed


@pytest.mark.parametrize(
    "typed", ["", "   ", "\u202e\u200d", "x" * (LONGEST_NAME + 1), "Budi \U0001f600", "Budi \ue000", "Budi \ud800", "Budi ☎"]
)
def test_unprintable_names_are_refused(typed):
    with pytest.raises(PaperRefused):
        clean_name(typed)


def test_a_letter_that_no_font_has_is_named():
    with pytest.raises(PaperRefused, match=r"U\+1F3FD"):
        clean_name("Budi \U0001f3fd")


@pytest.mark.parametrize("typed", ["张伟", "محمد", "ᬩᬮᬶ", "Ŵŷ Ł"])
def test_names_in_other_scripts_can_be_drawn(typed):
    assert clean_name(typed) == typed


@given(st.text(max_size=140))
def test_cleaning_accepts_any_text(typed):
    try:
        cleaned = clean_name(typed)
    except PaperRefused:
        return
    assert cleaned == clean_name(cleaned) == " ".join(cleaned.split())
    assert 0 < len(cleaned) <= LONGEST_NAME
