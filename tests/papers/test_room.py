"""A text gets the largest size at which it fits its room."""

import pytest

from knowledge_hub.papers import PaperRefused
from knowledge_hub.papers.room import Room, fitted
from knowledge_hub.papers.shaping import shaped

ROOM = Room("serif-bold", 212, 20, 38, 20, 24)


def test_longer_texts_are_shrunk_then_wrapped_then_refused():
    lines = [fitted("Wa " * words + "Wa", ROOM) for words in range(100)]

    assert (lines[0].size, lines[0].rows) == (38, 1)
    assert lines[-1].rows == 2
    for rows in (1, 2):
        sizes = [line.size for line in lines if line.rows == rows]
        assert sizes == sorted(sizes, reverse=True)
        assert sizes[-1] >= (ROOM.smallest if rows == 1 else ROOM.least)
    with pytest.raises(PaperRefused):
        fitted("Wa " * 300, ROOM)


def test_wrapped_lines_fit_the_height_and_the_width():
    for text in ("W" * 110, "Raden " * 20, "Kepala Bidang Penyelenggaraan " * 4):
        line = fitted(text, ROOM)
        assert line.size * line.leading * line.rows <= ROOM.height * 72 / 25.4
        assert shaped(text, ROOM.face).width * line.size <= line.rows * ROOM.width * 72 / 25.4


def test_names_in_other_scripts_get_smaller_type():
    assert fitted("محمد", ROOM).size < fitted("Muhd", ROOM).size
