"""Files of a site on several machines lie in a storage that speaks S3, and only the site hands them out."""

import datetime as dt
import os

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.factories import VisitFactory
from tests.scale_out.services import BUCKET, s3_client
from tests.uploads import pdf
from visits.domain import letters

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.scale_out,
    pytest.mark.skipif(not os.environ.get("STORAGE_URL"), reason="an S3 storage"),
]


def names_in_bucket() -> set[str]:
    listed = s3_client(os.environ["STORAGE_URL"]).list_objects_v2(Bucket=BUCKET)
    return {each["Key"] for each in listed.get("Contents", [])}


def test_a_picture_is_served_by_the_site(client):
    name = default_storage.save("images/kota.png", ContentFile(b"\x89PNG gambar"))

    response = client.get(default_storage.url(name))

    assert response.status_code == 200
    assert b"".join(response.streaming_content) == b"\x89PNG gambar"
    assert response["Content-Type"] == "image/png"
    assert "max-age" in response["Cache-Control"]
    assert f"media/{name}" in names_in_bucket()


@pytest.mark.parametrize("name", ["tidak-ada.png", "images", "../private/surat.pdf", "%00"])
def test_other_names_are_not_found(client, name):
    storages["private"].save("surat.pdf", ContentFile(b"%PDF"))
    assert client.get(reverse("media", args=[name])).status_code == 404


def test_two_files_of_one_name_are_kept(client):
    names = [storages["private"].save("letters/surat.pdf", ContentFile(content)) for content in (b"satu", b"dua")]

    assert len(set(names)) == 2
    for name, content in zip(names, (b"satu", b"dua"), strict=True):
        with storages["private"].open(name) as file:
            assert file.read() == content
        storages["private"].delete(name)
        assert not storages["private"].exists(name)


def test_a_letter_is_stored_and_downloaded(admin_client):
    visit, file = VisitFactory(submitted=True), pdf()
    letter = letters.save_letter(visit, letters.LetterDraft("005/1", dt.date(2026, 11, 2), file=SimpleUploadedFile("surat.pdf", file)))

    response = admin_client.get(reverse("visits_staff:letter", args=[visit.pk, letter.pk]))

    assert b"".join(response.streaming_content) == file
    assert f"private/{letter.file.name}" in names_in_bucket()
