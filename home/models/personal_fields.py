"""Entry of the home page, which holds no personal data, in the register of knowledge_hub/core/personal_fields.py."""

from knowledge_hub.core.personal_fields import impersonal

impersonal(
    "words for the public about the city",
    {"home.HomePage": "summary owner_unit hero_title claim_figure claim_text claim_source"},
)
