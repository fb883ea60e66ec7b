"""Text analysis: tokens, stems, stop words, synonyms, and the query syntax.

Independent of indexes.
"""
