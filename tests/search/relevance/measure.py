"""Measure how well results answer a question, with SQLite's FTS5 for comparison."""

import re
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from math import log2
from statistics import fmean

from tests.search.relevance.sample import Question

DEPTH = 10


def ndcg(found: Sequence[str], grades: dict[str, int]) -> float:
    """Normalised discounted cumulative gain of the first ten results, from 0 to 1 (gain 2^grade - 1, Järvelin and Kekäläinen 2002)."""
    best = _gain(sorted(grades.values(), reverse=True))
    return _gain([grades.get(slug, 0) for slug in found]) / best


def _gain(grades: Iterable[int]) -> float:
    return sum((2**grade - 1) / log2(place + 2) for place, grade in enumerate(list(grades)[:DEPTH]))


def measure(questions: Sequence[Question], answer: Callable[[Question], Sequence[str]]) -> tuple[float, list[tuple[float, str, list[str]]]]:
    """The mean over all questions, and for each question its value, its text and the first results, worst first."""
    rows = []
    for question in questions:
        found = list(answer(question))[:DEPTH]
        rows.append((ndcg(found, question.grades), question.text, found))
    return fmean(row[0] for row in rows), sorted(rows)


class Fts5:
    """Title, summary and body in an FTS5 table, as a site without a search engine of its own would use it.

    Same weights as ours (title and summary count twice). Searches for all words, and for any word if nothing is found. Keeps phrases.

    Args:
        rows: language, slug, title, summary and body of each page.
    """

    def __init__(self, rows: Iterable[tuple[str, str, str, str, str]]):
        self._database = sqlite3.connect(":memory:")
        self._database.execute(
            "CREATE VIRTUAL TABLE pages USING fts5(language UNINDEXED, slug UNINDEXED, title, summary, body, tokenize='unicode61')"
        )
        self._database.executemany("INSERT INTO pages VALUES (?, ?, ?, ?, ?)", rows)

    def answer(self, question: Question) -> list[str]:
        """The slugs of the ten best results."""
        parts = [f'"{phrase or word}"' for phrase, word in re.findall(r'"([^"]+)"|(\w+)', question.text)]
        return self._ask(question.language, " AND ".join(parts)) or self._ask(question.language, " OR ".join(parts))

    def _ask(self, language: str, expression: str) -> list[str]:
        rows = self._database.execute(
            "SELECT slug FROM pages WHERE pages MATCH ? AND language = ? ORDER BY bm25(pages, 0, 0, 2, 2, 1) LIMIT 10",
            (expression, language),
        )
        return [slug for (slug,) in rows]
