"""Files in a storage that speaks S3, for sites on several machines."""

from django.conf import settings
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage


class ObjectStorage(S3Storage):
    """A bucket that nobody reads but the site: addresses of files are those of the site, as with a folder."""

    def url(self, name: str, parameters: object = None, expire: object = None, http_method: object = None) -> str:
        """The address under which the site hands out a file of ``default``; the views ask for permissions first."""
        return f"{settings.MEDIA_URL}{filepath_to_uri(name)}"
