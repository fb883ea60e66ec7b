"""Indonesian word forms: the rules of a confix stemmer, the roots that confirm them and the exceptions to both."""

from knowledge_hub.search.words.indonesian.stemmer import stem

__all__ = ["stem"]
