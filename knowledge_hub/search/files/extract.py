"""Extracts the text of uploaded documents for the index.

Files are read by background workers in a subprocess (read_file.py), so that a malicious file cannot harm the worker.
"""

import json
import logging
import subprocess
import sys

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from modelsearch.backends import get_search_backend

from knowledge_hub.models import CustomDocument, DocumentText
from knowledge_hub.search import signals
from knowledge_hub.search.files.read_file import MAX_BYTES, PROBLEMS, READERS

logger = logging.getLogger(__name__)

# Seconds of real time, in addition to the limit of CPU time.
TIMEOUT = 60
MAX_PER_ROUND = 200


def kind_of(document: CustomDocument) -> str:
    """How a document is read: "pdf" or "docx"; empty if its text cannot be read."""
    kind = document.file_extension.lower()
    return kind if kind in READERS else ""


def needs_reading(document: CustomDocument) -> bool:
    """Whether the text of the document's current file has not been extracted yet."""
    if not kind_of(document) or not document.file:
        return False
    known = DocumentText.objects.filter(document=document).values_list("file", flat=True).first()
    return known != document.file.name


def read_document(pk: int) -> None:
    """Extract the text of a document and index it. If that fails, the reason is stored and it is not tried again.

    Args:
        pk: its primary key; nothing happens if the document is gone or was already read.
    """
    document = CustomDocument.objects.filter(pk=pk).first()
    if document is None or not needs_reading(document):
        return
    file, found = document.file.name, _read(document)
    values = {
        "file": file,
        "text": found.get("text", ""),
        "pages": found.get("pages"),
        "problem": found.get("problem", ""),
        "read_at": timezone.now(),
    }
    with transaction.atomic():
        document = CustomDocument.objects.filter(pk=pk).first()
        # Replaced or deleted while it was read; another task reads the new file.
        if document is None or document.file.name != file:
            return
        DocumentText.objects.update_or_create(document=document, defaults=values)
        # Recorded for the index in the same transaction, like every change.
        get_search_backend().add(document)
    if values["problem"]:
        logger.warning("The text of document %s can't be read (%s).", pk, values["problem"])


def _read(document: CustomDocument) -> dict:
    try:
        with document.open_file() as file:
            data = file.read(MAX_BYTES + 1)
    except OSError:
        return {"problem": DocumentText.Problem.MISSING}
    return read_in_subprocess(kind_of(document), data)


def read_in_subprocess(kind: str, data: bytes) -> dict:
    """Call read_file.read() in a subprocess.

    Args:
        kind: a key of READERS.
        data: the file.

    Returns:
        The result of read_file.read(), or ``problem`` if the process was stopped.
    """
    command = [sys.executable, "-m", "knowledge_hub.search.files.read_file", kind]
    try:
        done = subprocess.run(  # noqa: S603 -- our own module, with one of two words
            command, input=data, capture_output=True, timeout=TIMEOUT, check=False, cwd=settings.BASE_DIR, env={"PYTHONHASHSEED": "0"}
        )
    except subprocess.TimeoutExpired:
        return {"problem": DocumentText.Problem.TOO_LONG}
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        # Killed by one of its limits before it wrote a result.
        return {"problem": DocumentText.Problem.TOO_LARGE}
    problem = answer.get("problem", "")
    return answer if not problem or problem in PROBLEMS else {"problem": DocumentText.Problem.DAMAGED}


def documents_to_read() -> list[int]:
    """Primary keys of documents whose text is missing, at most MAX_PER_ROUND; for example after a lost task."""
    documents = CustomDocument.objects.order_by("pk").select_related("extracted")
    due = (document.pk for document in documents.iterator() if kind_of(document) and _kept_file(document) != document.file.name)
    return [pk for pk, _ in zip(due, range(MAX_PER_ROUND), strict=False)]


def _kept_file(document: CustomDocument) -> str:
    return document.extracted.file if hasattr(document, "extracted") else ""


def request_extraction(document: CustomDocument) -> None:
    """Request the extraction of a document's text after commit, if its file is new."""
    if needs_reading(document):
        transaction.on_commit(lambda: signals.reading_requested.send(sender=None, pk=document.pk), robust=True)
