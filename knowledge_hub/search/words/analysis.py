"""Text analysis: splits texts into folded words and stems them by language.

Documents, queries and excerpts use the same functions, so that highlights equal matches.
"""

import re
import unicodedata
from collections.abc import Iterator

import Stemmer

from knowledge_hub.search.words.indonesian import stem as stem_indonesian
from knowledge_hub.search.words.stop_words import STOP_WORDS

LANGUAGES = ("id", "en")
DEFAULT_LANGUAGE = "id"
MAX_WORD_LENGTH = 60
# Maximum number of cached stems per process and language, at least 100 bytes each.
STEM_CACHE_LIMIT = 200_000

# Words that are written as one word or as several; both are indexed as several words.
COMPOUNDS = {
    "kerjasama": ("kerja", "sama"),
    "bekerjasama": ("bekerja", "sama"),
    "walikota": ("wali", "kota"),
    "wakilwalikota": ("wakil", "wali", "kota"),
    "batubara": ("batu", "bara"),
    "smartcity": ("smart", "city"),
    "kotacerdas": ("kota", "cerdas"),
    "tatakelola": ("tata", "kelola"),
    "studibanding": ("studi", "banding"),
    "tandatangan": ("tanda", "tangan"),
    "ditandatangani": ("tanda", "tangan"),
    "penandatanganan": ("tanda", "tangan"),
    "menandatangani": ("tanda", "tangan"),
    "pertanggungjawaban": ("tanggung", "jawab"),
    "bertanggungjawab": ("tanggung", "jawab"),
    "tanggungjawab": ("tanggung", "jawab"),
    "terimakasih": ("terima", "kasih"),
    "orangtua": ("orang", "tua"),
    "egov": ("egov",),
    "egovernment": ("egov",),
    "egoverment": ("egov",),
    "pemkot": ("pemko",),
}
# Services with the prefix "e": "e-musrenbang", "e musrenbang" and "emusrenbang" are equal.
E_SERVICES = (
    "musrenbang|budgeting|masyarakat|perizinan|dokter|appointment|sippadu|saberling|planning|procurement|office|kinerja|katalog|"
    "learning|monev|lapor|ktp|retribusi|pajak|arsip|voting|money|commerce|readiness|participation"
)
TOKEN = re.compile(
    rf"\be[-‐– ]?(?P<gov>gov(?:er(?:n)?ment)?)\b|\be[-‐– ]?(?P<service>{E_SERVICES})\b|(?P<number>\d+(?:[.,]\d+)+)|(?P<word>[^\W_]+)"
)
# A text without these words and without digits only has tokens of letters.
_E_WORDS = {"e", "egov", "egoverment", "egovernment", *(f"e{service}" for service in E_SERVICES.split("|"))}
_WORD = re.compile(r"[^\W_]+")
_DIGIT = re.compile(r"\d")

_english = Stemmer.Stemmer("english")
_stem_cache: dict[str, dict[str, str]] = {language: {} for language in LANGUAGES}


def fold(text: str) -> str:
    """Lower case without accents; the length may change (see fold_aligned)."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(char for char in decomposed if not unicodedata.combining(char)).lower()


def fold_aligned(text: str) -> str:
    """Like fold, but each character stays at its index."""
    if text.isascii():
        return text.lower()
    return "".join((fold(char) or " ")[0] for char in text)


def words(text: str) -> list[str]:
    """Words of a text in order, folded, with compounds split; not stemmed."""
    folded = fold(text)
    found = _WORD.findall(folded)
    if _DIGIT.search(folded) or not _E_WORDS.isdisjoint(found):
        return [word for _, _, parts in _tokens(folded) for word in parts]
    # Same result, faster: most texts contain plain words only.
    if COMPOUNDS.keys().isdisjoint(found) and max(map(len, found), default=0) <= MAX_WORD_LENGTH:
        return found
    return [word for typed in found for word in COMPOUNDS.get(typed) or (typed[:MAX_WORD_LENGTH],)]


def words_with_places(text: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Start, end and words of each token; indices refer to the given text."""
    folded = fold_aligned(text)
    if folded.isalpha() and folded not in _E_WORDS:
        return iter([(0, len(folded), COMPOUNDS.get(folded) or (folded[:MAX_WORD_LENGTH],))])
    return _tokens(folded)


def _tokens(folded: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    for match in TOKEN.finditer(folded):
        kind, word = match.lastgroup, match[match.lastgroup or 0]
        if kind == "gov":
            parts: tuple[str, ...] = ("egov",)
        elif kind == "service":
            parts = ("e", word)
        else:
            parts = COMPOUNDS.get(word) or (word[:MAX_WORD_LENGTH],)
        yield match.start(), match.end(), parts


def stem(word: str, language: str) -> str:
    """Stem of one word.

    Args:
        word: a folded word, as from words().
        language: "id" or "en"; any other language is treated as Indonesian.
    """
    cache = _stem_cache.get(language) or _stem_cache[DEFAULT_LANGUAGE]
    found = cache.get(word)
    if found is None:
        if len(cache) >= STEM_CACHE_LIMIT:
            cache.clear()
        found = cache[word] = _stem(word, language)
    return found


def cache_stems(language: str, known: dict[str, str]) -> None:
    """Add stems from the cache file."""
    _stem_cache[language].update(known)


def cached_stems(language: str) -> dict[str, str]:
    """A copy of the known stems."""
    return dict(_stem_cache[language])


def _stem(word: str, language: str) -> str:
    if word in STOP_WORDS.get(language, STOP_WORDS[DEFAULT_LANGUAGE]):
        return word
    return _english.stemWord(word) if language == "en" else stem_indonesian(word)


def query_words(text: str, language: str, *, keep_stop_words: bool = False) -> list[str]:
    """Words of a query without duplicates and stop words; stop words are kept if the query contains nothing else.

    Args:
        text: the text that the reader typed.
        language: language of the stop words.
        keep_stop_words: whether to keep stop words, as in a phrase.
    """
    typed = list(dict.fromkeys(words(text)))
    if keep_stop_words:
        return typed
    return [word for word in typed if word not in STOP_WORDS.get(language, frozenset())] or typed


def language_of(code: str | None) -> str:
    """Search language for a language code such as "id", "en-gb" or None (Indonesian)."""
    short = (code or DEFAULT_LANGUAGE).split("-")[0]
    return short if short in LANGUAGES else DEFAULT_LANGUAGE
