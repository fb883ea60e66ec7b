"""The site's keys in a backup, encrypted with a passphrase: without them, links and personal numbers of a restored site are dead."""

import base64
import json
import os
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from django.conf import settings

from knowledge_hub.core import keys

OTHERS = ("SIGNER_PKCS12_PASSWORD",)
"""Secrets of the environment without which files of the backup are of no use."""

SALT_BYTES = 16


class KeysRefused(Exception):
    """The keys can't be opened or used; ``str()`` says why."""


def passphrase() -> str:
    """The passphrase of the settings; empty without one."""
    if settings.BACKUP_PASSPHRASE_FILE:
        return Path(settings.BACKUP_PASSPHRASE_FILE).read_text(encoding="utf-8").strip()
    return settings.BACKUP_PASSPHRASE


def installed_file() -> Path:
    """Where restored keys are written; the settings read it after the environment and .env."""
    return settings.VAR_DIR / "keys.env"


def seal(passphrase: str) -> bytes:
    """The keys of this site, encrypted (scrypt and Fernet)."""
    values = {name: getattr(settings, name) for name in keys.NAMES}
    values |= {f"{name}_FALLBACKS": ",".join(getattr(settings, f"{name}_FALLBACKS")) for name in keys.NAMES}
    values |= {name: os.environ.get(name, "") for name in OTHERS}
    salt = os.urandom(SALT_BYTES)
    return salt + _cipher(passphrase, salt).encrypt(json.dumps(values).encode())


def unseal(sealed: bytes, passphrase: str) -> dict[str, str]:
    """The keys by the name of their setting.

    Raises:
        KeysRefused: the passphrase is wrong.
    """
    try:
        return json.loads(_cipher(passphrase, sealed[:SALT_BYTES]).decrypt(sealed[SALT_BYTES:]))
    except InvalidToken as error:
        raise KeysRefused("The passphrase does not open the keys of this backup.") from error


def install(values: dict[str, str]) -> list[str]:
    """Write keys to a file that the settings read, and use them in this process.

    A key that the site has is not replaced: a different one of the backup becomes an older key, so that links and numbers stay readable.

    Returns:
        The names of the settings that were written.

    Raises:
        KeysRefused: older keys would have to be added to a list that .env or the environment holds.
    """
    path = installed_file()
    there = dict(line.split("=", 1) for line in path.read_text(encoding="utf-8").splitlines()) if path.exists() else {}
    wanted = {name: values[name] for name in OTHERS if values.get(name) and not os.environ.get(name)}
    for name in keys.NAMES:
        fallbacks, own = f"{name}_FALLBACKS", os.environ.get(name, "")
        known = [own or values[name], *getattr(settings, fallbacks)]
        added = [key for key in [values[name], *values[fallbacks].split(",")] if key and key not in known]
        if added and os.environ.get(fallbacks) and fallbacks not in there:
            raise KeysRefused(f"The data were written with another {name}. Take {fallbacks} out of .env, and restore again.")
        wanted |= {} if own else {name: values[name]}
        wanted |= {fallbacks: ",".join([*known[1:], *added])} if added else {}
        setattr(settings, name, known[0])
        setattr(settings, fallbacks, [*known[1:], *added])
    path.touch(mode=0o600)
    lines = there | {name: f"'{value}'" for name, value in wanted.items()}
    path.write_text("".join(f"{name}={value}\n" for name, value in lines.items()), encoding="utf-8")
    return sorted(wanted)


def _cipher(passphrase: str, salt: bytes) -> Fernet:
    # 32 MiB and a tenth of a second: a guess costs an attacker as much.
    key = Scrypt(salt=salt, length=32, n=2**15, r=8, p=1).derive(passphrase.encode())
    return Fernet(base64.urlsafe_b64encode(key))
