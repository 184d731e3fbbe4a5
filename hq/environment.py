"""HQ's settings from the environment, typed and documented in one place.

GUIDE_HQ_DATA           folder for everything HQ keeps on this machine (default: ./hq-data)
DATABASE_URL            a PostgreSQL (≥ 15) to use instead of the embedded one
GUIDE_HQ_SECRET_KEY     Django's secret key; without it one is made and kept in the data folder
GUIDE_HQ_ALLOWED_HOSTS  names HQ answers to, apart by commas (default: this machine only)
GUIDE_HQ_PUBLIC_URL     HQ's address as tablets and browsers see it; https:// turns on what belongs to it
GUIDE_HQ_LANGUAGE       language for those whose browser asks for neither: en or zh-hans (default: en)
GUIDE_HQ_ERASURES       the journal of erasures, kept apart from the database's backups (default: erasures.jsonl in the
                        data folder)
GUIDE_HQ_FILES          folder for pictures and other files (default: files in the data folder)
GUIDE_HQ_FILES_S3       a JSON file that says which bucket of an S3 service keeps the files in place of that folder
                        (docs/operations.md); what is on its way still comes into the folder
GUIDE_HQ_PICTURE_MEGAPIXELS  pixels of a picture that is taken, in millions, 1 to 100 (default: 50)
GUIDE_HQ_OTHER_KEYS     public keys that tablets accept as well as the signing key's, comma between (default: none)
GUIDE_HQ_SIGNING_KEY    the secret that HQ signs files with (default: signing.key in the data folder, made at first use)
GUIDE_HQ_UPLOAD_MB      how many megabytes a file that somebody brings may have (default: 500)
GUIDE_HQ_REVIEW         on (default): material is published by somebody who wrote nothing of it; off: by whoever may
GUIDE_HQ_TWO_FACTOR     the letters of the roles that sign in with a code as well (default: OV, operators and
                        reviewers), or off
GUIDE_HQ_TWO_FACTOR_KEY the secret that those codes' secrets are sealed with (default: two-factor.key in the data
                        folder, made at first use)
GUIDE_HQ_TOMBSTONE_DAYS how long the feed says what is gone (default: 60; at least 36); a tablet away for longer fetches
                        all again
GUIDE_HQ_MIN_APP        the oldest version of the tablet's app that still gets rows (default: every one)
GUIDE_HQ_STREAMS        how many tablets may hear at once what moves (default: 600); the others ask now and then
GUIDE_HQ_RADAR          whose phones a store's duplicate radar knows: those of the whole chain (default), those of its
                        region, or off: there is none
GUIDE_HQ_RADAR_BITS     of 2 to the power of this many strangers two are taken for members (default: 7; 4 to 12): more
                        bits tell a thief more (docs/radar.md)
GUIDE_HQ_PAYMENTS       a JSON file that says which provider takes payments on customers' phones, and with what keys
                        (docs/operations.md); without it there is none
GUIDE_HQ_PROCESSES      how many processes serve (default: as many as the machine has cores), at most eight and no more
                        than the database's connections allow
GUIDE_HQ_SHARED         set by HQ itself for the processes it starts: the folder of what they have in common
GUIDE_HQ_METRICS_TOKEN  the bearer token for /metrics; without one /metrics answers this machine alone
"""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from guide_app.domain.errors import BadInput
from guide_app.domain.radar import LEAST_BITS, MOST_BITS
from hq.shared import share
from sync.protocol.errors import EnvelopeInvalid
from sync.protocol.versions import parse_app

LANGUAGES = ("en", "zh-hans")
_CLOSED_KEPT_DAYS = 35
"""Tablets and backups reach back so far; what is gone must be said for longer."""
ROLES = frozenset("OVRFSA")
"""The letters of the roles of the console, as in its table of rights."""
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


@dataclass(frozen=True)
class Environment:
    """The settings as read. `database_url` is empty until an embedded database runs."""

    data: Path
    database_url: str
    secret_key: str
    allowed_hosts: tuple[str, ...]
    public_url: str
    language: str
    min_app: str
    erasures: Path
    files: Path
    files_s3: Path | None
    picture_megapixels: int
    signing_key: Path
    other_keys: tuple[str, ...]
    material_review: bool
    two_factor: frozenset[str]
    two_factor_key: Path
    upload_bytes: int
    tombstone_days: int
    metrics_token: str
    streams: int
    radar: str
    radar_bits: int
    processes: int
    shared: Path | None
    payments: Path | None

    @property
    def share(self) -> share.Share:
        """What this process takes on: all, unless it is one of several."""
        return share.of(self.processes if self.shared else 1)

    def shared_file(self, name: str) -> Path | None:
        """A file that all processes of this HQ map; None where this is the only one."""
        return self.shared / name if self.shared else None

    @property
    def https(self) -> bool:
        """Whether HQ is reached over HTTPS."""
        return self.public_url.startswith("https://")


def read(values: Mapping[str, str] = os.environ) -> Environment:
    """Reads the settings; raises BadInput for a value that cannot be."""
    data = Path(values.get("GUIDE_HQ_DATA") or "hq-data").absolute()
    language = values.get("GUIDE_HQ_LANGUAGE") or "en"
    if language not in LANGUAGES:
        raise BadInput("setting_language", f"GUIDE_HQ_LANGUAGE is one of {', '.join(LANGUAGES)}")
    public_url = (values.get("GUIDE_HQ_PUBLIC_URL") or "").rstrip("/")
    parts = urlsplit(public_url)
    if public_url and (parts.scheme not in ("http", "https") or not parts.hostname):
        raise BadInput("setting_public_url", "GUIDE_HQ_PUBLIC_URL is an address such as https://hq.example.com")
    hosts = tuple(host.strip() for host in (values.get("GUIDE_HQ_ALLOWED_HOSTS") or "").split(",") if host.strip())
    named = (parts.hostname,) if parts.hostname else ()
    return Environment(
        data=data,
        database_url=values.get("DATABASE_URL") or "",
        secret_key=values.get("GUIDE_HQ_SECRET_KEY") or kept_secret(data / "secret.key"),
        allowed_hosts=tuple(dict.fromkeys((*LOOPBACK, *named, *hosts))),
        public_url=public_url,
        language=language,
        erasures=Path(values.get("GUIDE_HQ_ERASURES") or data / "erasures.jsonl").absolute(),
        files=Path(values.get("GUIDE_HQ_FILES") or data / "files").absolute(),
        files_s3=Path(values["GUIDE_HQ_FILES_S3"]).absolute() if values.get("GUIDE_HQ_FILES_S3") else None,
        signing_key=Path(values.get("GUIDE_HQ_SIGNING_KEY") or data / "signing.key").absolute(),
        other_keys=tuple(filter(None, (one.strip() for one in (values.get("GUIDE_HQ_OTHER_KEYS") or "").split(",")))),
        material_review=_switch(values.get("GUIDE_HQ_REVIEW") or "on"),
        two_factor=_roles(values.get("GUIDE_HQ_TWO_FACTOR") or "OV"),
        two_factor_key=Path(values.get("GUIDE_HQ_TWO_FACTOR_KEY") or data / "two-factor.key").absolute(),
        upload_bytes=_megabytes(values.get("GUIDE_HQ_UPLOAD_MB") or "500") << 20,
        picture_megapixels=_megapixels(values.get("GUIDE_HQ_PICTURE_MEGAPIXELS") or "50"),
        tombstone_days=_days(values.get("GUIDE_HQ_TOMBSTONE_DAYS") or "60"),
        min_app=_version(values.get("GUIDE_HQ_MIN_APP") or ""),
        metrics_token=values.get("GUIDE_HQ_METRICS_TOKEN") or "",
        streams=_count(values.get("GUIDE_HQ_STREAMS") or "600"),
        radar=_radar(values.get("GUIDE_HQ_RADAR") or "chain"),
        radar_bits=_bits(values.get("GUIDE_HQ_RADAR_BITS") or "7"),
        processes=_processes(values.get("GUIDE_HQ_PROCESSES") or "0"),
        payments=Path(values["GUIDE_HQ_PAYMENTS"]).absolute() if values.get("GUIDE_HQ_PAYMENTS") else None,
        shared=Path(values["GUIDE_HQ_SHARED"]) if values.get("GUIDE_HQ_SHARED") else None,
    )


def database(url: str, connections: int = share.of(1).connections) -> dict[str, object]:
    """Django's description of the database at a `postgresql://` address, with a pool of at most so many connections.

    Raises BadInput for an address of another kind.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql") or not parts.path.strip("/"):
        raise BadInput(
            "setting_database_url", "DATABASE_URL is an address such as postgresql://user:password@host/name"
        )
    options: dict[str, object] = {
        "pool": {"min_size": 1, "max_size": connections, "timeout": 10},
        "prepare_threshold": 5,
    }
    for pair in filter(None, parts.query.split("&")):
        name, _, value = pair.partition("=")
        options[name] = unquote(value)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
    }


def _days(text: str) -> int:
    days = int(text) if text.isascii() and text.isdecimal() else 0
    if not _CLOSED_KEPT_DAYS < days < 10_000:
        raise BadInput("setting_tombstone_days", "GUIDE_HQ_TOMBSTONE_DAYS is a number of days, 36 or more")
    return days


def _megapixels(text: str) -> int:
    most = int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else 0
    if not 1 <= most <= 100:
        raise BadInput("setting_picture_megapixels", "GUIDE_HQ_PICTURE_MEGAPIXELS is a number from 1 to 100")
    return most


def _count(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 7):
        raise BadInput("setting_streams", "GUIDE_HQ_STREAMS is a number, 0 or more")
    return int(text)


def _megabytes(text: str) -> int:
    megabytes = int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0
    if not megabytes:
        raise BadInput("setting_upload", "GUIDE_HQ_UPLOAD_MB is a number of megabytes")
    return megabytes


def _switch(text: str) -> bool:
    if text not in ("on", "off"):
        raise BadInput("setting_review", "GUIDE_HQ_REVIEW is on or off")
    return text == "on"


def _roles(text: str) -> frozenset[str]:
    letters = frozenset() if text == "off" else frozenset(text)
    if not letters <= ROLES:
        raise BadInput("setting_two_factor", f"GUIDE_HQ_TWO_FACTOR is off, or some of {''.join(sorted(ROLES))}")
    return letters


def _radar(text: str) -> str:
    if text not in ("chain", "region", "off"):
        raise BadInput("setting_radar", "GUIDE_HQ_RADAR is one of chain, region, off")
    return text


def _bits(text: str) -> int:
    bits = int(text) if text.isascii() and text.isdecimal() and len(text) < 3 else 0
    if not LEAST_BITS <= bits <= MOST_BITS:
        raise BadInput("setting_radar_bits", f"GUIDE_HQ_RADAR_BITS is a number from {LEAST_BITS} to {MOST_BITS}")
    return bits


def _processes(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text) <= share.MOST):
        raise BadInput("setting_processes", f"GUIDE_HQ_PROCESSES is a number from 1 to {share.MOST}")
    return int(text)


def _version(text: str) -> str:
    try:
        if text:
            parse_app(text)
    except EnvelopeInvalid as problem:
        raise BadInput("setting_min_app", "GUIDE_HQ_MIN_APP is a version such as 1.4.0") from problem
    return text


def kept_secret(path: Path) -> str:
    """The secret in a file, made at first use; readable by its owner alone."""
    if path.exists():
        return path.read_text(encoding="ascii").strip()
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(prefix=".secret.", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):  # another process was faster
            os.link(beside, path)  # whole or not at all
    finally:
        Path(beside).unlink()
    return path.read_text(encoding="ascii").strip()
