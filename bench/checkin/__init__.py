"""How fast the page at the door starts on a phone without network."""

ACCOUNT = ("petugas", "kata-sandi-ukuran")
"""Of the member of staff who is signed in on the phone."""
