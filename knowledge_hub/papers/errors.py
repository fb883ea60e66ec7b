"""What can go wrong with a paper, each with a sentence for the person who asked for it."""


class PaperRefused(Exception):
    """This one paper was not made, because it would be wrong: its text is the reason, for staff to read."""


class PapersUnavailable(PaperRefused):
    """No paper can be made on this machine; the text says what to install or repair."""
