"""Our stemmer beside two yardsticks, on the word families of the tests."""

import importlib.util
import time
from itertools import combinations

from bench.search.corpus import forms
from knowledge_hub.search.words.indonesian import stem
from tests.search.families import families, more_families, more_unrelated_pairs, unrelated_pairs

WORDS = 5000


def run() -> dict[str, dict]:
    """For each stemmer that is installed: pairs of a family that meet, unrelated pairs that meet, new words a second."""
    found = {"ours": _measure(stem)}
    if importlib.util.find_spec("Sastrawi"):
        from Sastrawi.Dictionary.ArrayDictionary import ArrayDictionary
        from Sastrawi.Stemmer.Stemmer import Stemmer as Sastrawi
        from Sastrawi.Stemmer.StemmerFactory import StemmerFactory

        found["Sastrawi (PySastrawi)"] = _measure(Sastrawi(ArrayDictionary(StemmerFactory().get_words())).stem_word)
    if importlib.util.find_spec("Stemmer"):
        import Stemmer

        found["Snowball (PyStemmer)"] = _measure(Stemmer.Stemmer("indonesian").stemWord)
    return found


def _measure(stemmer) -> dict:
    lists = {}
    for name, kin, others in (("first", families(), unrelated_pairs()), ("second", more_families(), more_unrelated_pairs())):
        pairs = [pair for family in kin for pair in combinations(family, 2)]
        lists[name] = {
            "pairs": len(pairs),
            "met": sum(stemmer(one) == stemmer(other) for one, other in pairs),
            "strangers": len(others),
            "wrong": sum(stemmer(one) == stemmer(other) for one, other in others),
        }
    sample = forms()[:: len(forms()) // WORDS]
    before = time.process_time()
    for word in sample:
        stemmer(word)
    return {"lists": lists, "rate": len(sample) / (time.process_time() - before)}
