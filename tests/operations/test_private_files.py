"""Letters and lists of delegates are for nobody else on the machine."""

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage


def test_folders_of_private_files_let_nobody_else_in(tmp_path):
    options = {**settings.STORAGES["private"]["OPTIONS"], "location": tmp_path / "private"}

    name = FileSystemStorage(**options).save("letters/one.txt", ContentFile(b"surat"))

    for path in (tmp_path / "private", tmp_path / "private" / "letters", tmp_path / "private" / name):
        assert path.stat().st_mode & 0o007 == 0, path
