"""Backups that the running app makes by itself: one each night into a folder, of which the newest are kept."""

import logging
import re
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from lib.store.backup import BackupError, back_up
from lib.store.statements import now
from lib.store.store import Store

LOG = logging.getLogger(__name__)

LOOK_EVERY_S = 60.0
# What could not be backed up is not copied again and again.
AGAIN_AFTER_S = 3600.0
# Of the zone's clock; an app that does not run then makes it when it is started.
NIGHT_HOUR = 2
OLD_AFTER = timedelta(days=2)
# Nothing else in the folder is ever touched.
_NAME = re.compile(r"history-\d{4}-\d{2}-\d{2}-\d{6}\.duckdb")
# Why the last backup into a folder failed.
_problems: dict[Path, str] = {}


@dataclass(frozen=True)
class BackupState:
    """The newest backup in a folder and when it was made (naive UTC), where there is one; why the last one failed."""

    newest: Path | None
    made_at: datetime | None
    problem: str

    def is_old(self, moment: datetime) -> bool:
        """Whether there is none that was made within the last two days."""
        return self.made_at is None or moment - self.made_at > OLD_AFTER


class Nightly:
    """Makes them: `look` is what is to be done every minute."""

    def __init__(self, folder: Path, kept: int, zone: str) -> None:
        self._folder, self._kept, self._zone = folder, kept, zone
        self._failed_at = -AGAIN_AFTER_S

    def look(self, store: Store) -> bool:
        """Makes the backup of the night that has begun last, if there is none yet; there is no more to do then."""
        moment = now()
        if time.monotonic() - self._failed_at < AGAIN_AFTER_S or not self._is_due(moment):
            return False
        local = moment.replace(tzinfo=UTC).astimezone(ZoneInfo(self._zone))
        try:
            if not self._folder.is_dir():
                raise BackupError(f"{self._folder}: this folder is not there")
            back_up(store, self._folder / f"history-{local:%Y-%m-%d-%H%M%S}.duckdb")
            for _made_at, older in _dated(self._folder)[self._kept :]:
                older.unlink()
            _problems.pop(self._folder, None)
        except (BackupError, OSError) as error:
            self._failed_at = time.monotonic()
            _problems[self._folder] = str(error)
            LOG.error("No backup was made: %s", error)
        return False

    def _is_due(self, moment: datetime) -> bool:
        made_at = backup_state(self._folder).made_at
        return made_at is None or made_at < last_night(moment, self._zone, NIGHT_HOUR)


def last_night(moment: datetime, zone: str, hour: int) -> datetime:
    """When it last was this hour by the zone's clock, both in naive UTC."""
    local = moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone))
    night = local.replace(hour=hour, minute=0, second=0, microsecond=0)
    if night > local:
        night -= timedelta(days=1)
    return night.astimezone(UTC).replace(tzinfo=None)


def backup_state(folder: Path) -> BackupState:
    """What is known of the backups in a folder."""
    made_at, newest = next(iter(_dated(folder)), (None, None))
    return BackupState(newest, made_at, _problems.get(folder, ""))


def _dated(folder: Path) -> list[tuple[datetime, Path]]:
    """The backups and when they were made (naive UTC), the newest first."""
    found = []
    for file in folder.glob("history-*.duckdb"):
        # One of them may be taken away meanwhile.
        with suppress(FileNotFoundError):
            if _NAME.fullmatch(file.name):
                found.append((datetime.fromtimestamp(file.stat().st_mtime, UTC).replace(tzinfo=None), file))
    return sorted(found, reverse=True)
