"""A text field that is encrypted in the database."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from knowledge_hub.core import keys


class Encrypted(str):
    """A stored text that is not decrypted yet. Assigned to its field, it is stored as it is."""

    __slots__ = ()


class _DecryptedOnReading(DeferredAttribute):
    """Decrypts a value when it is read for the first time, so that rows whose value no key opens can still be used and saved."""

    def __get__(self, instance: models.Model | None, cls: type[models.Model] | None = None) -> Any:
        value = super().__get__(instance, cls)
        if isinstance(value, Encrypted):
            value = keys.decrypt(value)
            self.__set__(instance, value)
        return value

    def __set__(self, instance: models.Model | None, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class EncryptedTextField(models.TextField):
    """A short text, encrypted at rest. Queries cannot filter or sort by it; ``values()`` gives the encrypted text.

    Reading a value that no key opens raises ``keys.WrongKey``; saving its row stores it unchanged.
    """

    descriptor_class = _DecryptedOnReading

    def get_prep_value(self, value: Any) -> Any:
        """Encrypt the text; an empty text stays empty."""
        value = super().get_prep_value(value)
        return keys.encrypt(value) if value and not isinstance(value, Encrypted) else value

    def to_python(self, value: Any) -> Any:
        """Keep the type of encrypted texts."""
        return value if isinstance(value, Encrypted) else super().to_python(value)

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        """Mark the text as encrypted."""
        return Encrypted(value) if value else value

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """The value as it is, decrypted or not."""
        return or_encrypted(model_instance, self.attname)

    def value_from_object(self, obj: models.Model) -> Any:
        """For forms: the value, or as it is stored if no key opens it."""
        return or_encrypted(obj, self.attname)


def or_encrypted(row: models.Model, name: str) -> str:
    """A row's value of an encrypted field; if no key opens it, the Encrypted value, which can be stored again."""
    try:
        return getattr(row, name)
    except keys.WrongKey:
        return row.__dict__[name]


def encrypted_fields() -> list[EncryptedTextField]:
    """All encrypted fields of the site."""
    return [field for model in apps.get_models() for field in model._meta.local_fields if isinstance(field, EncryptedTextField)]


def unreadable(most: int) -> Iterator[str]:
    """The encrypted fields of which one of the newest ``most`` values can't be read."""
    for field in encrypted_fields():
        rows = field.model._default_manager.exclude(**{field.name: ""}).order_by("-pk")
        try:
            for stored in rows.values_list(field.attname, flat=True)[:most]:
                keys.decrypt(stored)
        except keys.WrongKey:
            yield f"{field.model._meta.label}.{field.name}"


def rotate(sender: Any, **kwargs: Any) -> list[keys.Count]:
    """Encrypt every value that an older key opens with the present one; receiver of ``keys.rotating``."""
    counts = []
    for field in encrypted_fields():
        counts.append(count := keys.Count(f"{field.model._meta.label}.{field.name}"))
        rows = field.model._default_manager.exclude(**{field.name: ""}).order_by("pk")
        for pk, stored in rows.values_list("pk", field.attname).iterator(500):
            if keys.is_of_present_key(stored):
                count.current += 1
                continue
            try:
                text = keys.decrypt(stored)
            except keys.WrongKey:
                count.unreadable += 1
                continue
            # Compare and set: a value that somebody changes at this moment wins.
            moved = field.model._default_manager.filter(pk=pk, **{field.name: stored}).update(**{field.name: text})
            count.moved += moved
            count.current += 1
    return counts


def connect() -> None:
    """Connect to the rotation of keys; called once when the app is ready."""
    keys.rotating.connect(rotate, dispatch_uid="knowledge_hub.core.encrypted")
