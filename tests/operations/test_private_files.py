"""Other users of the machine cannot read letters and lists of delegates."""

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage


def test_private_files_are_not_world_readable(tmp_path):
    options = {**settings.STORAGES["private"]["OPTIONS"], "location": tmp_path / "private"}

    name = FileSystemStorage(**options).save("letters/one.txt", ContentFile(b"surat"))

    for path in (tmp_path / "private", tmp_path / "private" / "letters", tmp_path / "private" / name):
        assert path.stat().st_mode & 0o007 == 0, path
