"""How long what an owner has verified counts as true."""

import datetime as dt

VERIFIED_FOR = dt.timedelta(days=365)
"""After this, a case is listed for its owner to look at again (acceptance story 21: twelve months)."""
