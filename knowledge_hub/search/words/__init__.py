"""Words: how texts become words, what a reader may type, which words mean or look the same, Indonesian word forms.

Knows nothing of indexes.
"""
