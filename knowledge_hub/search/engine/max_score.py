"""Maximum score of a query, which makes scores of two indexes comparable."""

from math import log

from knowledge_hub.search.engine import plan
from knowledge_hub.search.engine.searcher import K1, Searcher


def max_score(searcher: Searcher, node: plan.Node) -> float:
    """Upper limit of the score that a document can have.

    Args:
        searcher: the index whose document frequencies are used.
        node: a plan node.
    """
    if isinstance(node, plan.Term):
        frequency = len(searcher.find(node))
        return (log(searcher.count / (frequency + 1)) + 1) * (K1 + 1) * node.boost if frequency else 0.0
    if isinstance(node, plan.Phrase):
        return sum(max_score(searcher, plan.Term("raw", word, node.boost)) for word in node.words)
    if isinstance(node, plan.AnyOf | plan.AllOf):
        return sum(max_score(searcher, part) for part in node.parts)
    if isinstance(node, plan.MatchAll):
        return node.score
    # Similar words count like the typed word; excluded words score nothing.
    return max_score(searcher, plan.Term("raw", node.word, node.boost)) if isinstance(node, plan.Fuzzy) else 0.0
