"""Background tasks: thin, each calls one domain, document or mail function with a primary key."""


def connect() -> None:
    """Connect to the signals of visits/signals.py; called once when the app is ready."""
