"""URL fetcher of papers: allows pictures of our own folders and small data URLs, nothing else."""

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

from weasyprint.urls import URLFetcher, URLFetcherResponse

from knowledge_hub.papers.paper import BASE_URL
from knowledge_hub.papers.pictures import NotAllowed, check_picture

KINDS = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".svg": "image/svg+xml"}
MAX_BYTES = 4_000_000
MAX_DATA_BYTES = 200_000

DATA_URL = re.compile(r"data:(image/(?:png|jpeg|svg\+xml));base64,([A-Za-z0-9+/=\s]*)\Z")


class AssetFetcher(URLFetcher):
    """Serves pictures below ``roots`` at ``BASE_URL`` and small data URLs; refuses everything else.

    Attributes:
        refused: the refused addresses. WeasyPrint ignores some errors of fetchers, so the renderer checks this list.
    """

    def __init__(self, roots: Sequence[Path] = ()):
        super().__init__(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)
        self.roots = [root.resolve() for root in roots]
        self.refused: list[str] = []

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        """The picture at ``url``. Does not call the parent, which could access network or files."""
        try:
            content, kind = self._from_data(url) if url[:5].lower() == "data:" else self._from_roots(url)
            check_picture(content, kind)
        except (NotAllowed, OSError, ValueError) as error:
            self.refused.append(f"{url[:120]}: {error}")
            raise
        return URLFetcherResponse(url, content, {"Content-Type": kind})

    def _from_data(self, url: str) -> tuple[bytes, str]:
        match = DATA_URL.match(unquote(url[: MAX_DATA_BYTES * 2]))
        if not match:
            raise NotAllowed("not a picture")
        try:
            content = base64.b64decode(match[2], validate=False)
        except binascii.Error as error:
            raise NotAllowed("not a picture") from error
        if len(content) > MAX_DATA_BYTES:
            raise NotAllowed("too large")
        return content, match[1]

    def _from_roots(self, url: str) -> tuple[bytes, str]:
        parts = urlsplit(url)
        if parts.scheme != "https" or f"https://{parts.netloc}/" != BASE_URL:
            raise NotAllowed("outside")
        name = unquote(parts.path).lstrip("/")
        kind = KINDS.get(Path(name).suffix.lower())
        if kind is None or "\\" in name or "\0" in name or "%" in name:
            raise NotAllowed("not a picture")
        for root in self.roots:
            path = (root / name).resolve()
            # Resolved before the check, because of symbolic links.
            if path.is_relative_to(root) and path.is_file():
                if path.stat().st_size > MAX_BYTES:
                    raise NotAllowed("too large")
                return path.read_bytes(), kind
        raise NotAllowed("no such picture")
