"""Parts of addresses that name a row."""


class KeyConverter:
    """A primary key in at most nine digits; a larger number names nothing and would be too large for the database."""

    regex = "[1-9][0-9]{0,8}"

    def to_python(self, value: str) -> int:
        """The key."""
        return int(value)

    def to_url(self, value: int) -> str:
        """The key as it stands in addresses."""
        return str(value)
