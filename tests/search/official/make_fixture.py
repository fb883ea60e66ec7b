"""Writes fixtures/search.json, the data that modelsearch's backend tests expect.

modelsearch ships its tests without their fixture; this data follows from the tests' assertions. Run this script after changing it:

    python tests/search/official/make_fixture.py
"""

import json
from itertools import count
from pathlib import Path

AUTHORS = {
    "Isaac Asimov": "1920-01-02",
    "George R.R. Martin": "1948-09-20",
    "J. R. R. Tolkien": "1892-01-03",
    "David Ascher": None,
    "Mark Lutz": None,
    "David Flanagan": None,
    "Douglas Crockford": None,
    "Daniel Roy Greenfeld": None,
    "Audrey Roy Greenfeld": None,
    "Carol Nichols": None,
    "Steve Klabnik": None,
    "Jim Blandy": None,
    "Jason Orendorff": None,
}
# Key, title, authors, date, pages. The tests rely on these keys and dates.
NOVELS = [
    (1, "The Hobbit", ["J. R. R. Tolkien"], "1937-09-21", 310, "Middle Earth", ["Bilbo Baggins", "Thorin Oakenshield"]),
    (2, "The Fellowship of the Ring", ["J. R. R. Tolkien"], "1954-07-29", 423, "Middle Earth", ["Frodo Baggins", "Bilbo Baggins"]),
    (3, "The Two Towers", ["J. R. R. Tolkien"], "1954-11-11", 352, "Middle Earth", ["Frodo Baggins", "Bilbo Baggins"]),
    (4, "The Return of the King", ["J. R. R. Tolkien"], "1955-10-20", 440, "Middle Earth", ["Frodo Baggins", "Bilbo Baggins"]),
    (5, "A Game of Thrones", ["George R.R. Martin"], "1996-08-01", 694, "Westeros", ["Eddard Stark"]),
    (6, "A Clash of Kings", ["George R.R. Martin"], "1998-11-16", 768, "Westeros", ["Tyrion Lannister"]),
    (7, "A Storm of Swords", ["George R.R. Martin"], "2000-05-01", 973, "Westeros", ["Jon Snow"]),
    (10, "Foundation", ["Isaac Asimov"], "1951-06-01", 255, "Trantor", ["Hari Seldon"]),
]
GUIDES = [
    (8, "JavaScript: The good parts", ["Douglas Crockford"], "2008-05-01", 153, "js"),
    (9, "JavaScript: The Definitive Guide", ["David Flanagan"], "1996-08-18", 1096, "js"),
    (11, "Learning Python", ["Mark Lutz", "David Ascher"], "1999-03-01", 1160, "py"),
    (12, "Two Scoops of Django 1.11", ["Daniel Roy Greenfeld", "Audrey Roy Greenfeld"], "2017-04-10", 538, "py"),
    (13, "The Rust Programming Language", ["Steve Klabnik", "Carol Nichols"], "2018-06-26", 440, "rs"),
]
BOOKS = [(14, "Programming Rust", ["Jim Blandy", "Jason Orendorff"], "2017-12-21", 622)]
ANIMALS = [("Animal", "0001", 1, 2, 1, 10), ("Mammal", "00010001", 2, 2, 2, 7), ("Dog", "000100010001", 3, 0, 3, 4)]
MEETINGS = [("Breakfast yoga", "08:00:00"), ("Evening yoga", "18:30:00"), ("Stand-up meeting", "09:30:00")]
ANIMALS += [("Cat", "000100010002", 3, 0, 5, 6), ("Reptile", "00010002", 2, 0, 8, 9)]


def rows() -> list[dict]:
    """All rows, parents before children."""
    keys = {name: key for key, name in enumerate(AUTHORS, start=1)}
    found = [_row("author", key, name=name, date_of_birth=AUTHORS[name]) for name, key in keys.items()]
    for key, title, authors, date, pages, *_ in [*NOVELS, *GUIDES, *BOOKS]:
        found.append(
            _row("book", key, title=title, summary="", authors=[keys[a] for a in authors], publication_date=date, number_of_pages=pages)
        )
    found += [_row("programmingguide", key, programming_language=language) for key, *_, language in GUIDES]
    character = count(1)
    for key, *_, setting, people in NOVELS:
        numbers = [next(character) for _ in people]
        found.append(_row("novel", key, setting=setting, protagonist=numbers[0]))
        found += [_row("character", number, name=name, novel=key) for number, name in zip(numbers, people, strict=True)]
    found.append(_row("unindexedbook", 1, title="A book outside the index", publication_date="2000-01-01", number_of_pages=10))
    for key, (name, start) in enumerate(
        [("Breakfast yoga", "08:00:00"), ("Evening yoga", "18:30:00"), ("Stand-up meeting", "09:30:00")], 1
    ):
        found.append(_row("meeting", key, name=name, start_time=start))
    found.append(_row("agendaitem", 1, meeting=3, topic="The dog that did nothing"))
    found.append(_row("speaker", 1, agenda_item=1, name="Arthur Doyle"))
    for key, (name, path, depth, children, left, right) in enumerate(ANIMALS, start=1):
        found.append(_row("mpanimal", key, name=name, path=path, depth=depth, numchild=children))
        found.append(_row("nsanimal", key, name=name, lft=left, rgt=right, depth=depth, tree_id=1))
    return found


def _row(model: str, key: int, **fields) -> dict:
    return {"model": f"searchtests.{model}", "pk": key, "fields": fields}


if __name__ == "__main__":
    target = Path(__file__).parent / "fixtures" / "search.json"
    target.write_text(json.dumps(rows(), indent=1) + "\n")
