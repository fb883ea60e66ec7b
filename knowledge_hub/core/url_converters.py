"""URL path converters."""


class KeyConverter:
    """A primary key of at most nine digits; longer numbers would overflow the database column."""

    regex = "[1-9][0-9]{0,8}"

    def to_python(self, value: str) -> int:
        """The key as an integer."""
        return int(value)

    def to_url(self, value: int) -> str:
        """The key as text."""
        return str(value)
