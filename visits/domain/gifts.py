"""Souvenirs: which ones the gratuity unit should look at."""

from visits.models import Gift


def needs_review(gift: Gift, threshold: int) -> bool:
    """Whether a souvenir is to be reviewed: its estimated value reaches the threshold (rupiah), or one person keeps it unvalued.

    The threshold is a setting of the host and no statement of what the law says.
    """
    if gift.estimated_value is None:
        return not gift.to_institution
    return gift.estimated_value >= threshold
