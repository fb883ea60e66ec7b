"""Every field for text or files is in the register of personal data or declared as impersonal, and all entries are valid."""

from pkgutil import resolve_name

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.db import models
from django.test.utils import isolate_apps

from knowledge_hub.core.personal_fields import IMPERSONAL, REGISTER, Reader, personal
from visits.domain import privacy

OURS = ("home", "knowledge_hub", "visits")
NO_TEXT = (
    models.IntegerField,
    models.BooleanField,
    models.DecimalField,
    models.FloatField,
    models.DateField,
    models.TimeField,
    models.DurationField,
    models.UUIDField,
    models.ForeignKey,
)
"""Fields without text; all others count as text, also fields of unknown types."""


def can_hold_text(field: models.Field) -> bool:
    """Whether words or a file can be entered: choices are codes."""
    return not isinstance(field, NO_TEXT) and not field.choices


def undeclared(model: type[models.Model]) -> list[str]:
    """Fields of a model that are neither in the register nor named as impersonal."""
    label = model._meta.label
    return [
        f"{label}.{field.name}"
        for field in model._meta.local_fields
        if can_hold_text(field) and not {(label, field.name), (label, "*")} & {*REGISTER, *IMPERSONAL}
    ]


def test_every_text_and_file_field_is_declared():
    assert [name for model in apps.get_models(include_auto_created=True) for name in undeclared(model)] == []


@isolate_apps("visits")
def test_an_undeclared_field_is_found():
    class Delegate(models.Model):
        name = models.CharField(max_length=120)
        mother = models.TextField()
        scan = models.FileField()
        address = models.GenericIPAddressField()
        mood = models.CharField(max_length=1, choices=[("g", "good")])
        age = models.PositiveIntegerField()

        class Meta:
            app_label = "visits"

        def __str__(self):
            return self.name

    assert undeclared(Delegate) == ["visits.Delegate.mother", "visits.Delegate.scan", "visits.Delegate.address"]


def test_only_fields_that_exist_are_declared_and_each_once():
    for label, name in (*REGISTER, *IMPERSONAL):
        model = apps.get_model(label)
        assert name == "*" or model._meta.get_field(name) in model._meta.local_fields, f"{label}.{name}"
        assert name != "*" or model._meta.app_label not in OURS, f"{label}: name the fields of our own models one by one"
    assert not set(REGISTER) & set(IMPERSONAL)
    assert all(IMPERSONAL.values())


@pytest.mark.django_db
def test_every_reader_is_a_permission_or_a_known_reader():
    known = {f"{app}.{code}" for app, code in Permission.objects.values_list("content_type__app_label", "codename")} | set(Reader)

    assert {reader for field in REGISTER.values() for reader in field.seen_by} <= known


def test_each_entry_is_complete_and_refers_to_objects():
    for field in REGISTER.values():
        assert all((field.what, field.purpose, field.seen_by)), field
        assert field.kept.length is None or field.kept.length.total_seconds() >= 0, field
        if field.kept.deleted_by:
            assert callable(resolve_name(field.kept.deleted_by)), field
            assert field.kept.length is not None, field


def test_undeclared_fields_cannot_be_referred_to():
    assert [str(field) for field in personal("visits.Delegate", "name", "nip")] == ["visits.Delegate.name", "visits.Delegate.nip"]
    with pytest.raises(KeyError):
        personal("visits.Visit", "reference")


def test_purge_deletes_all_fields_that_name_it():
    named = {(field.model, field.field) for field in REGISTER.values() if field.kept.deleted_by.endswith("privacy.purge")}

    assert {(field.model, field.field) for field in privacy.purged_fields()} == named
    assert {model for model, _field in named} == {"visits.Delegate"}
    assert all(field.kept.length for field in privacy.purged_fields())
