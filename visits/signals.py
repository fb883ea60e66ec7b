"""What happened, for those who must act on it. Sent inside the transaction: receivers enqueue on commit, never at once."""

from django.dispatch import Signal

visit_moved = Signal()
"""A visit changed its state. Arguments: ``visit``, ``source`` (may be None for a new visit), ``target``, ``actor``."""

message_queued = Signal()
"""A mail was written into the outbox. Argument: ``message``."""

certificates_planned = Signal()
"""Certificates have their numbers and wait to be made. Argument: ``visit``."""

paper_wanted = Signal()
"""An office paper waits to be drawn. Argument: ``paper``."""
