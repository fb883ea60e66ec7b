"""Where files are stored, read from STORAGE_URL."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def file_storages(url: str, media: Path, private: Path) -> dict[str, dict[str, Any]]:
    """The entries ``default`` (pictures of public pages, documents) and ``private`` (letters, certificates) of STORAGES.

    Args:
        url: "" for folders of this machine, ``s3://key:secret@host[:port]/bucket`` (``s3+http://`` without TLS) for a storage that
            speaks S3; ``?region=`` if it has one. Neither storage is public: the site itself hands out every file.
        media: the folder of ``default``.
        private: the folder of ``private``.

    Raises:
        ImproperlyConfigured: an address of another kind, or without key, secret, host or bucket.
    """
    if not url:
        folder = "django.core.files.storage.FileSystemStorage"
        kept_private = {"location": str(private), "base_url": None, "directory_permissions_mode": 0o750}
        return {"default": {"BACKEND": folder}, "private": {"BACKEND": folder, "OPTIONS": kept_private}}
    parts = urlsplit(url)
    bucket = parts.path.strip("/")
    if parts.scheme not in ("s3", "s3+http") or not (parts.username and parts.password and parts.hostname and bucket) or "/" in bucket:
        raise ImproperlyConfigured("STORAGE_URL must be empty or s3://key:secret@host:port/bucket.")
    options = {
        "access_key": unquote(parts.username),
        "secret_key": unquote(parts.password),
        "endpoint_url": f"{'https' if parts.scheme == 's3' else 'http'}://{parts.hostname}{f':{parts.port}' if parts.port else ''}",
        "bucket_name": bucket,
        "region_name": parse_qs(parts.query).get("region", ["us-east-1"])[0],
        "addressing_style": "path",
        "file_overwrite": False,
        "default_acl": None,
    }
    backend = "knowledge_hub.core.object_storage.ObjectStorage"
    return {
        name: {"BACKEND": backend, "OPTIONS": {**options, "location": location}}
        for name, location in (("default", "media"), ("private", "private"))
    }
