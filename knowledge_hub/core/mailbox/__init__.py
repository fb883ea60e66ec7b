"""Mail that others send to us: reading a mailbox, and reading one message whatever is in it."""
