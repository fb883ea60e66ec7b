"""Abbreviations and their long forms find each other, as staff decide in the admin."""

import pytest
from django.core.exceptions import ValidationError
from wagtail.models import Page

from knowledge_hub.models.search import SynonymGroup
from knowledge_hub.search.words import synonyms

pytestmark = pytest.mark.django_db


def titles(query: str) -> set[str]:
    return {page.title for page in Page.objects.search(query)}


@pytest.fixture(autouse=True)
def _clear_synonym_cache():
    synonyms.invalidate()
    yield
    synonyms.invalidate()


def test_abbreviation_and_long_form_find_each_other(add_article):
    SynonymGroup.objects.create(terms="pemko, pemerintah kota")
    add_article("Pemko Binjai")
    add_article("Pemerintah Kota Medan")
    add_article("Kota tanpa perintah apa pun")

    assert titles("pemko") == titles("pemerintah kota") - {"Kota tanpa perintah apa pun"} == {"Pemko Binjai", "Pemerintah Kota Medan"}


def test_changed_synonyms_apply_to_the_next_search(add_article):
    add_article("Organisasi perangkat daerah")
    assert titles("opd") == set()

    group = SynonymGroup.objects.create(terms="OPD, perangkat daerah")
    assert titles("opd") == {"Organisasi perangkat daerah"}

    group.delete()
    assert titles("opd") == set()


def test_initial_synonyms_never_overwrite_staff_changes():
    synonyms.load_initial()
    first = SynonymGroup.objects.count()
    SynonymGroup.objects.first().delete()
    synonyms.load_initial()

    assert first == len(synonyms.INITIAL_GROUPS)
    assert SynonymGroup.objects.count() == first - 1


def test_a_group_with_one_term_is_refused():
    with pytest.raises(ValidationError):
        SynonymGroup(terms="pemko, ").full_clean()
