"""Which search the site uses, read from SEARCH_URL. docs/search.md says what each can do."""

from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

OWN = "knowledge_hub.search.backend"

# The index settings of OpenSearch: word forms of Indonesian, as its Lucene knows them, in every text field.
INDONESIAN = {
    "settings": {
        "analysis": {
            "analyzer": {
                "default": {
                    "type": "custom",
                    "tokenizer": "standard",
                    "filter": ["lowercase", "asciifolding", "indonesian_stop", "indonesian_stemmer"],
                }
            },
            "filter": {
                "indonesian_stop": {"type": "stop", "stopwords": "_indonesian_"},
                "indonesian_stemmer": {"type": "stemmer", "language": "indonesian"},
            },
        }
    }
}


def search_backend(url: str, folder: Path) -> dict:
    """The entry of WAGTAILSEARCH_BACKENDS for an address.

    Args:
        url: "" for the search that the site brings along, ``postgresql:`` for the search of the site's own PostgreSQL,
            ``opensearch://user:password@host:9200/prefix`` (``opensearchs://`` over TLS) for an OpenSearch 3 server; the prefix
            keeps sites apart that share a server.
        folder: where the search that the site brings along keeps its index.

    Raises:
        ImproperlyConfigured: an address of another kind.
    """
    if not url:
        # It notes changes in the transaction itself (knowledge_hub/search/signals.py); the others need modelsearch's tasks.
        return {"BACKEND": OWN, "PATH": folder, "AUTO_UPDATE": False}
    parts = urlsplit(url)
    if parts.scheme == "postgresql":
        return {"BACKEND": "modelsearch.backends.database", "SEARCH_CONFIG": "indonesian", "ATOMIC_REBUILD": True}
    if parts.scheme in ("opensearch", "opensearchs") and parts.netloc:
        prefix = parts.path.strip("/")
        return {
            "BACKEND": "modelsearch.backends.opensearch3",
            "URLS": [f"{'https' if parts.scheme == 'opensearchs' else 'http'}://{parts.netloc}"],
            "INDEX_PREFIX": f"{prefix}_" if prefix else "",
            "INDEX_SETTINGS": INDONESIAN,
            "ATOMIC_REBUILD": True,
        }
    raise ImproperlyConfigured("SEARCH_URL must be empty, postgresql: or opensearch[s]://host:port/prefix.")
