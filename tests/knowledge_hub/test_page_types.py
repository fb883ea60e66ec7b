"""Every page type declares everything that other modules need: templates, structured data, names, search fields."""

import pytest
from django.template.loader import get_template
from django.utils import translation
from wagtail.models import get_page_models

from knowledge_hub.exports import structured_data
from knowledge_hub.models.base import BasePage

PAGE_TYPES = [model for model in get_page_models() if issubclass(model, BasePage)]
every_type = pytest.mark.parametrize("model", PAGE_TYPES, ids=lambda model: model.__name__)


def test_all_our_page_types_share_the_base():
    ours = [model for model in get_page_models() if model._meta.app_label in ("home", "knowledge_hub", "visits")]

    assert len(ours) > 8
    assert ours == PAGE_TYPES


@every_type
def test_its_schema_type_has_a_writer(model):
    assert model.schema_type in structured_data.WRITERS


@every_type
def test_its_templates_exist(model):
    names = [model.template, model.pdf_template] if model.has_pdf else [model.template]

    assert [get_template(name).template.name for name in names] == names


@every_type
def test_it_has_a_name_in_both_languages(model):
    names = {}
    for language in ("en", "id"):
        with translation.override(language):
            names[language] = (str(model._meta.verbose_name), str(model._meta.verbose_name_plural))

    assert names["en"] != names["id"]


@every_type
def test_readers_find_it_by_title_and_summary(model):
    assert {"title", "summary"} <= {field.field_name for field in model.get_searchable_search_fields()}
