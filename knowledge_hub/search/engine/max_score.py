"""What a result could score at most, so that results of two indexes with their own statistics can stand in one list."""

from math import log

from knowledge_hub.search.engine import plan
from knowledge_hub.search.engine.searcher import K1, Searcher


def max_score(searcher: Searcher, node: plan.Node) -> float:
    """The score of an imaginary result that has every word of a query without end; never less than a real one.

    Args:
        searcher: the index, whose numbers of documents weigh the words.
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
    # Similar words stand in for the one that was typed; what is excluded scores nothing.
    return max_score(searcher, plan.Term("raw", node.word, node.boost)) if isinstance(node, plan.Fuzzy) else 0.0
