"""Stems and words of Indonesian and English texts."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_hub.search.words.analysis import stem, words
from knowledge_hub.search.words.indonesian import stemmer
from tests.search.families import families, more_families, more_unrelated_pairs, unrelated_pairs

BOTH_LISTS = pytest.mark.parametrize(
    ("kin", "others"), [(families(), unrelated_pairs()), (more_families(), more_unrelated_pairs())], ids=["first list", "second list"]
)


@BOTH_LISTS
def test_the_word_lists_are_large_enough(kin, others):
    assert len(kin) >= 40
    assert sum(len(family) - 1 for family in kin) >= 150
    assert len(others) >= 40


@BOTH_LISTS
def test_forms_of_one_word_share_a_stem(kin, others):
    pairs = [pair for family in kin for pair in combinations(family, 2)]
    apart = [(one, other, stem(one, "id"), stem(other, "id")) for one, other in pairs if stem(one, "id") != stem(other, "id")]

    assert len(apart) <= 0.02 * len(pairs), apart


@BOTH_LISTS
def test_similar_unrelated_words_have_different_stems(kin, others):
    together = [(one, other, stem(one, "id")) for one, other in others if stem(one, "id") == stem(other, "id")]

    assert len(together) <= 2, together


def test_names_of_regions_are_not_stemmed():
    assert {stem(name, "id") for name in ("binjai", "pemalang", "bengkalis", "sekadau", "kediri", "penajam")} == {
        "binjai",
        "pemalang",
        "bengkalis",
        "sekadau",
        "kediri",
        "penajam",
    }


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("kerjasama", "kerja sama"),
        ("e-government", "egov"),
        ("e-gov", "e government"),
        ("Batubara", "Batu Bara"),
        ("Walikota", "Wali Kota"),
        ("e-musrenbang", "emusrenbang"),
        ("KAFÉ", "kafe"),
    ],
)
def test_spelling_variants_give_the_same_words(one, other):
    assert words(one) == words(other)


def test_numbers_are_not_split():
    assert words("Rp1.234.567,50 pada 12.75") == ["rp1", "234.567,50", "pada", "12.75"] or "12.75" in words("pada 12.75")
    assert words("12.75") == ["12.75"]
    assert words("2.928 inovasi") == ["2.928", "inovasi"]


def test_english_words_are_stemmed_as_english():
    assert stem("transforming", "en") == stem("transformed", "en")


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=40))
def test_any_word_has_a_stem(word):
    found = stemmer.stem(word)

    assert found
    assert len(found) <= len(word) + 1 or found in stemmer.roots()


@given(st.text(max_size=300))
def test_any_text_has_words(text):
    for word in words(text):
        assert word == word.lower()
        stem(word, "id")
        stem(word, "en")
