"""Signals that request work of background workers. tasks.py enqueues the tasks, so that other modules need not import it."""

from django.dispatch import Signal

rebuild_requested = Signal()
"""An index is damaged or outdated. Argument: ``label`` of its root model."""

indexing_requested = Signal()
"""Changes wait in the outbox. Argument: ``label`` of the root model of their index."""

merge_requested = Signal()
"""An index has many small segments. Argument: ``label`` of its root model."""

reading_requested = Signal()
"""The text of a document is to be extracted. Argument: ``pk`` of the document."""
