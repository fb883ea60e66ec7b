"""The home page holds nothing about a person. What the entry means: knowledge_hub/core/personal_fields.py."""

from knowledge_hub.core.personal_fields import impersonal

impersonal(
    "words for the public about the city",
    {"home.HomePage": "summary owner_unit hero_title claim_figure claim_text claim_source"},
)
