"""What guests may ask of the site within an hour. An address is an office as a rule, so its budgets allow for several guests at once."""

from knowledge_hub.core.rate_limits import declare

BOOKING = declare("booking", per_address=20, per_network=60)
DRAFT_LETTER = declare("letter of a draft", per_address=40, per_network=120)
SAVED_DRAFT = declare("mail with the link of a draft", per_subject=5, per_address=20, per_network=60)
"""The subject is the mailbox."""
CONFIRMATION = declare("mail to confirm a request", per_subject=5, per_address=20, per_network=60)
"""The subject is the visit."""
LOST_LINK = declare("mail with lost links", per_address=10, per_network=30)
LOST_LINK_MAILBOX = declare("mail with lost links, by mailbox", per_subject=3)
"""Apart, because an exhausted mailbox must be answered like any other."""
CONTACT_PERSON = declare("new contact person", per_subject=5, per_address=20, per_network=60)
CHANGE = declare("change of date or people by a guest", per_subject=10, per_address=40, per_network=120)
"""Each causes a mail to staff."""
FEED = declare("new link of a calendar", per_subject=10, per_address=40, per_network=120)
"""The subject is the visit."""
SPEAKER = declare("answer or slides of a speaker", per_subject=20, per_address=60, per_network=180)
"""The subject is the invitation."""
LETTER = declare("letter of a visit", per_subject=6, per_address=40, per_network=120)
MESSAGE = declare("message of a guest", per_subject=20, per_address=60, per_network=180)
QUESTION = declare("question of a delegate", per_subject=12)
"""No network: a whole delegation asks from the network of the venue."""
SURVEY = declare("answer to the survey", per_subject=400)
"""The subject is the visit: a whole delegation answers. No network, for the same reason; each link counts once anyway."""
ADOPTION = declare("report of an adoption", per_address=20, per_network=60)
DATA_REQUEST = declare("request about personal data", per_subject=3, per_address=10, per_network=30)
"""The subject is the mailbox."""
CERTIFICATE_CHECK = declare("check of a certificate", per_address=120, per_network=360)
FILE_INSPECTION = declare("inspection of a file", per_address=30, per_network=60)
