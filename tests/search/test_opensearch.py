"""OpenSearch needs only SEARCH_URL. Tested with a stub that records requests (tests/search/opensearch/stub.py)."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from knowledge_hub.settings.search import OWN, search_backend
from tests.search.opensearch.stub import Stub


@pytest.fixture(scope="session")
def stub(django_db_setup):
    """The stub, after the tests of on_opensearch.py have used it."""
    with Stub() as server:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "TEST_DIR"))}
        run = subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", "tests/search/opensearch/on_opensearch.py"],
            cwd=settings.BASE_DIR,
            env={**inherited, "SEARCH_URL": f"opensearch://{server.address}/binjai"},
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert run.returncode == 0, run.stdout[-8000:] + run.stderr[-2000:]
        yield server


def test_indexes_get_indonesian_analysis_and_prefix(stub):
    made = stub.asked("PUT", r"/binjai_\w+")

    assert made
    analysis = made[0].body["settings"]["analysis"]
    assert "indonesian_stemmer" in analysis["analyzer"]["default"]["filter"]
    assert analysis["filter"]["indonesian_stemmer"] == {"type": "stemmer", "language": "indonesian"}
    # modelsearch's own analyser for suggestions is kept.
    assert "edgengram_analyzer" in analysis["analyzer"]


def test_field_types_are_mapped_and_documents_bulk_loaded(stub):
    mappings = [request.body["properties"] for request in stub.asked("PUT", r"/binjai_wagtailcore_page_\w+/_mapping")]

    assert any(mapping.get("content_type_id_filter", {}).get("type") == "integer" for mapping in mappings)
    assert any(request.path.endswith("_bulk") for request in stub.asked("POST", r".*_bulk"))


def test_a_rebuild_points_the_alias_to_new_indexes(stub):
    steps = [request for request in stub.requests if request.method in ("PUT", "DELETE") and "wagtailcore_page" in request.path]
    pointed = [number for number, request in enumerate(steps) if "/_alias/binjai_wagtailcore_page" in request.path]
    removed = [number for number, request in enumerate(steps) if request.method == "DELETE" and "_doc" not in request.path]

    assert len(pointed) > 1
    assert any(number > pointed[1] for number in removed)


def test_deletes_phrases_and_exclusions_reach_the_server(stub):
    assert stub.asked("DELETE", r"/binjai_wagtailcore_page/_doc/.+")
    asked = json.dumps([request.body for request in stub.asked("POST", r"/binjai_wagtailcore_page/_search")])
    assert '"type": "phrase"' in asked or "match_phrase" in asked
    assert "must_not" in asked


def test_search_url_gives_server_scheme_and_prefix(tmp_path):
    plain = search_backend("opensearch://127.0.0.1:9200", tmp_path)
    secure = search_backend("opensearchs://user:secret@search.example:9200/kota", tmp_path)

    assert plain["URLS"] == ["http://127.0.0.1:9200"]
    assert plain["INDEX_PREFIX"] == ""
    assert secure["URLS"] == ["https://user:secret@search.example:9200"]
    assert secure["INDEX_PREFIX"] == "kota_"
    assert search_backend("", tmp_path) == {"BACKEND": OWN, "PATH": tmp_path, "AUTO_UPDATE": False}
    assert search_backend("postgresql:", tmp_path)["SEARCH_CONFIG"] == "indonesian"


@pytest.mark.parametrize("url", ["solr://127.0.0.1", "opensearch:", "whatever"])
def test_an_unknown_search_url_is_refused(url, tmp_path):
    with pytest.raises(ImproperlyConfigured, match="SEARCH_URL"):
        search_backend(url, tmp_path)
