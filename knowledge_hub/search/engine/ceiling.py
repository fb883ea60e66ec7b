"""What a result could score at most, so that results of two indexes with their own statistics can stand in one list."""

from math import log

from knowledge_hub.search.engine import plan
from knowledge_hub.search.engine.execute import K1, View


def highest_score(view: View, node: plan.Node) -> float:
    """The score of an imaginary result that has every word of a query without end; never less than a real one.

    Args:
        view: the index, whose numbers of documents weigh the words.
        node: a plan node.
    """
    if isinstance(node, plan.Term):
        frequency = len(view.find(node))
        return (log(view.count / (frequency + 1)) + 1) * (K1 + 1) * node.boost if frequency else 0.0
    if isinstance(node, plan.Phrase):
        return sum(highest_score(view, plan.Term("raw", word, node.boost)) for word in node.words)
    if isinstance(node, plan.AnyOf | plan.AllOf):
        return sum(highest_score(view, part) for part in node.parts)
    if isinstance(node, plan.Everything):
        return node.score
    # Similar words stand in for the one that was typed; what is excluded scores nothing.
    return highest_score(view, plan.Term("raw", node.word, node.boost)) if isinstance(node, plan.Similar) else 0.0
