"""Every text of the site is translated, and no translation loses a value."""

import pytest
from django.conf import settings

from knowledge_hub.core import translations


@pytest.fixture(scope="module")
def indonesian():
    return translations.read(translations.LOCALE_DIR / "id" / "LC_MESSAGES" / "django.po")


def key(text, context):
    return (text[0] if isinstance(text, tuple) else text, context)


def test_every_text_of_code_and_templates_has_an_indonesian_translation(indonesian):
    translated = {
        key(message.id, message.context)
        for message in indonesian
        if message.id and all(message.string if message.pluralizable else [message.string])
    }
    # The gettext catalogues of Django and Wagtail translate what they say themselves.
    missing = {f"{path}: {text}" for text, _, context, path in translations.source_texts() if key(text, context) not in translated}

    assert not missing, f"{len(missing)} texts; run make translations and fill them in"


def test_no_translation_waits_for_review(indonesian):
    assert not [message.id for message in indonesian if message.id and message.fuzzy]


def test_no_translation_loses_a_value(indonesian):
    assert not [(message.id, [str(error) for error in message.check()]) for message in indonesian if message.id and list(message.check())]


def test_catalogues_are_compiled():
    assert all(translations.is_compiled(po) for po in translations.all_catalogue_files())
    assert settings.LOCALE_PATHS == [translations.LOCALE_DIR, translations.WAGTAIL_LOCALE_DIR]
