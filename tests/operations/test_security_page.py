"""docs/security.md speaks of every requirement of ASVS 5.0.0, level 1 and 2, once, and names tests that exist."""

import re

from django.conf import settings

PAGE = settings.BASE_DIR / "docs" / "security.md"
STATES = {"held", "partly", "not held", "n/a"}
ROW = re.compile(r"^\| (\d[\d., –]+) \|([^|]+)\|([^|]+)\|([^|]*)\|([^|]*)\|$", re.MULTILINE)
# How many requirements of level 1 and 2 each section of the standard has. In all of them they come before those of level 3.
REQUIREMENTS = {
    **{"1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2, "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1},
    **{"3.2": 2, "3.3": 4, "3.4": 6, "3.5": 5, "3.7": 2, "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4},
    **{"5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3, "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4},
    **{"7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2, "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1, "9.1": 3, "9.2": 4},
    **{"10.1": 2, "10.2": 2, "10.3": 4, "10.4": 11, "10.5": 5, "10.6": 2, "10.7": 3},
    **{"11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1, "12.1": 3, "12.2": 2, "12.3": 4},
    **{"13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5, "14.1": 2, "14.2": 4, "14.3": 3, "15.1": 3, "15.2": 3, "15.3": 7},
    **{"16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3, "17.1": 1, "17.2": 4, "17.3": 2},
}


def rows() -> list[tuple[str, ...]]:
    """Numbers, words, state, place or reason, and tests of each row."""
    return [tuple(cell.strip() for cell in row) for row in ROW.findall(PAGE.read_text())]


def numbers(text: str) -> list[str]:
    """Single numbers of a text such as “10.2.1–2, 10.3.1”."""
    found = []
    for section, first, last in re.findall(r"(\d+\.\d+)\.(\d+)(?:–(\d+))?", text):
        found += [f"{section}.{number}" for number in range(int(first), int(last or first) + 1)]
    return found


def test_every_requirement_has_one_row():
    listed = [number for row in rows() for number in numbers(row[0])]

    assert sum(REQUIREMENTS.values()) == 253
    assert sorted(listed) == sorted(f"{section}.{number}" for section, count in REQUIREMENTS.items() for number in range(1, count + 1))


def test_every_row_names_a_test_or_says_why_not():
    for requirement, _what, state, why, test in rows():
        assert state in STATES, requirement
        assert why, requirement
        assert test or state != "held", requirement


def test_the_named_tests_exist():
    for file, name in re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", PAGE.read_text()):
        assert (f"def {name}" if name else "") in (settings.BASE_DIR / file).read_text(), (file, name)


def test_the_list_at_the_end_is_complete():
    missing = [number for row in rows() if row[2] in ("partly", "not held") for number in numbers(row[0])]

    assert sorted(numbers(PAGE.read_text().partition("## Not held")[2])) == sorted(missing)
