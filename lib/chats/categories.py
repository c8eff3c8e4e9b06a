"""The statuses of a chat and the categories that the tabs show."""

from typing import Literal, get_args

from lib.language import mark

Status = Literal["ongoing", "missed", "reopened", "completed"]
Category = Literal["all", "ongoing", "missed", "reopened", "completed", "monitored"]

STATUSES: tuple[Status, ...] = get_args(Status)
STATUS_NAMES: dict[Status, str] = {
    "ongoing": mark("Ongoing"),
    "missed": mark("Missed"),
    "reopened": mark("Reopened"),
    "completed": mark("Completed"),
}
CATEGORIES: tuple[Category, ...] = get_args(Category)

# Monitored chats are running ones that a supervisor watches, so they are counted among the running ones too.
CATEGORY_SQL: dict[Category, str] = {
    "all": "true",
    "ongoing": "status = 'ongoing'",
    "missed": "status = 'missed'",
    "reopened": "status = 'reopened'",
    "completed": "status = 'completed'",
    "monitored": "status = 'ongoing' AND len(supervisors) > 0",
}
