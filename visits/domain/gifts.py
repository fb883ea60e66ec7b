"""Souvenirs that guest and host exchange."""

from visits.models import Gift


def needs_review(gift: Gift, threshold: int) -> bool:
    """Whether a souvenir must be reviewed: its estimated value reaches the threshold (rupiah), or one person keeps it and no value is
    estimated.

    The threshold is a setting of the host, not the law.
    """
    if gift.estimated_value is None:
        return not gift.to_institution
    return gift.estimated_value >= threshold
