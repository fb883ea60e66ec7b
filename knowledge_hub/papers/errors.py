"""Errors of papers. Their text is shown to staff."""


class PaperRefused(Exception):
    """A paper was not made, because it would be wrong; the text is the reason."""


class PapersUnavailable(PaperRefused):
    """No paper can be made on this server; the text says what to install or repair."""
