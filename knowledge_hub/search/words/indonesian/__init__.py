"""Indonesian stemmer: affix rules, a list of roots that confirms them, and exceptions."""

from knowledge_hub.search.words.indonesian.stemmer import stem

__all__ = ["stem"]
