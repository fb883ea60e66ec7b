from home.models.pages import FeaturedPage, HomePage

__all__ = ["FeaturedPage", "HomePage"]
