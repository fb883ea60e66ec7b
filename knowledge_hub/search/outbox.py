"""Changes waiting to be indexed: written in the transaction of the change, drained after commit under the write lock."""


def is_installed() -> bool:
    """Whether there is an outbox table; without one, changes are indexed at once."""
    return False


def drain(index) -> None:
    """Nothing waits."""


def replay(index) -> None:
    """Nothing waits."""


def record(index, keys) -> None:
    """Nothing is kept."""
