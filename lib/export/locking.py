"""Files that only a password opens: zips encrypted with AES-256, as 7-Zip and WinZip read and write them."""

import io
import re
import secrets
from pathlib import PurePath
from typing import IO

import pyzipper

LEAST, MOST = 12, 100
# What every program and every keyboard takes for the same: other letters have several codes.
_FIT = re.compile(rf"[!-~](?:[ -~]{{{LEAST - 2},{MOST - 2}}})[!-~]")
# Without those that are mistaken for one another when they are told on the phone.
_SIGNS, _GROUPS, _IN_GROUP = "abcdefghjkmnpqrstuvwxyz23456789", 5, 4


def is_fit(password: str) -> bool:
    """Whether it can be one: 12 to 100 letters of ASCII, digits, signs and blanks inside."""
    return bool(_FIT.fullmatch(password))


def made_password() -> str:
    """A new one that nobody guesses (99 bits), in groups that can be read aloud."""
    return "-".join("".join(secrets.choice(_SIGNS) for _sign in range(_IN_GROUP)) for _group in range(_GROUPS))


def encrypted_zip(stream: IO[bytes], password: str, level: int) -> pyzipper.AESZipFile:
    """A zip to write into, each file of which is encrypted; the names of its files are not."""
    if not is_fit(password):
        raise ValueError("no password that fits")
    archive = pyzipper.AESZipFile(stream, "w", pyzipper.ZIP_DEFLATED, compresslevel=level, encryption=pyzipper.WZ_AES)
    archive.setpassword(password.encode())
    return archive


def locked(content: bytes, name: str, password: str) -> bytes:
    """A zip with this one file inside, encrypted."""
    packed = io.BytesIO()
    with encrypted_zip(packed, password, level=6) as archive:
        archive.writestr(name, content)
    return packed.getvalue()


def locked_name(name: str) -> str:
    """What the zip around a file of this name is called."""
    return PurePath(name).with_suffix(".zip").name
