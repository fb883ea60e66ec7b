from home.models import personal_fields
from home.models.pages import FeaturedPage, HomePage

__all__ = ["FeaturedPage", "HomePage", "personal_fields"]
