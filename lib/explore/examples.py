"""Queries to begin with."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lib.language import mark

# What an empty field shows.
FIRST_QUERY = "SELECT status, count(*) AS chat_count FROM chats GROUP BY status"


@dataclass(frozen=True)
class Example:
    """A query by what it tells, with values for its parameters, and a chart where one shows it best."""

    title: str
    sql: str
    params: Mapping[str, str] = field(default_factory=dict)
    chart: Mapping[str, str] = field(default_factory=dict)


EXAMPLES: dict[str, Example] = {
    "missed_by_hour": Example(
        mark("Missed chats by weekday and hour"),
        """SELECT isodow(started_local) AS weekday, hour(started_local) AS hour,
  count(*) FILTER (WHERE status = 'missed') AS missed, count(*) AS chat_count,
  round(100.0 * missed / chat_count, 1) AS percent_missed
FROM chats
WHERE started_local IS NOT NULL
GROUP BY ALL
ORDER BY weekday, hour""",
        chart={"mark": "bar", "x": "hour", "y": "missed", "colour": "weekday"},
    ),
    "waits": Example(
        mark("Waits by department: median, 90 and 99 percent"),
        """SELECT coalesce(department, '-') AS department, count(wait_s) AS chat_count,
  round(quantile_cont(wait_s, 0.5)) AS median_s,
  round(quantile_cont(wait_s, 0.9)) AS p90_s,
  round(quantile_cont(wait_s, 0.99)) AS p99_s
FROM chats
GROUP BY ALL
ORDER BY p90_s DESC NULLS LAST""",
    ),
    "longest": Example(
        mark("Longest chats since a day"),
        """SELECT started_local, operator, round(duration_s / 60, 1) AS minutes, message_count, rating, question
FROM chats
WHERE duration_s IS NOT NULL AND started_local >= $since
ORDER BY duration_s DESC
LIMIT 50""",
        {"since": "2020-01-01"},
    ),
    "repeat_visitors": Example(
        mark("Visitors who came most often"),
        """SELECT coalesce(visitor_email, visitor_phone, visitor_name) AS visitor, count(*) AS chat_count,
  count(*) FILTER (WHERE status = 'missed') AS missed, max(started_local) AS last_chat
FROM chats
WHERE visitor IS NOT NULL
GROUP BY ALL
HAVING chat_count >= $at_least
ORDER BY chat_count DESC, visitor
LIMIT 100""",
        {"at_least": "2"},
    ),
    "first_response": Example(
        mark("First response by operator"),
        """WITH firsts AS (
  SELECT chat_id, min(sent_at) AS answered_at, arg_min(name, sent_at) AS operator
  FROM messages
  WHERE kind = 'operator' AND sent_at IS NOT NULL
  GROUP BY chat_id
)
SELECT firsts.operator, count(*) AS chat_count,
  round(median(epoch(answered_at - started_at))) AS median_s,
  round(quantile_cont(epoch(answered_at - started_at), 0.9)) AS p90_s
FROM firsts JOIN chats ON chats.id = firsts.chat_id
WHERE started_at IS NOT NULL
GROUP BY ALL
ORDER BY median_s""",
    ),
    "ratings": Example(
        mark("Ratings by month"),
        """SELECT date_trunc('month', started_local) AS month, count(rating) AS rated,
  round(avg(rating), 2) AS average, count(*) FILTER (WHERE rating <= 2) AS low
FROM chats
WHERE rating IS NOT NULL AND started_local IS NOT NULL
GROUP BY ALL
ORDER BY month""",
        chart={"mark": "line", "x": "month", "y": "average", "colour": ""},
    ),
    "kinds": Example(
        mark("Messages by kind and month"),
        """SELECT date_trunc('month', started_local) AS month, kind, count(*) AS message_count
FROM messages JOIN chats ON chats.id = messages.chat_id
WHERE started_local IS NOT NULL
GROUP BY ALL
ORDER BY month, kind""",
        chart={"mark": "bar", "x": "month", "y": "message_count", "colour": "kind"},
    ),
    "follow_ups": Example(
        mark("What became of missed chats, by cause"),
        """SELECT coalesce(cause, '-') AS cause, state, count(*) AS chat_count
FROM follow_ups
GROUP BY ALL
ORDER BY cause, chat_count DESC""",
        chart={"mark": "bar", "x": "cause", "y": "chat_count", "colour": "state"},
    ),
    "word": Example(
        mark("Chats in which a visitor wrote a word, by month"),
        """SELECT date_trunc('month', started_local) AS month, count(*) AS chat_count
FROM chats
WHERE id IN (
  SELECT chat_id FROM messages
  WHERE kind = 'visitor' AND contains(search_text, search_form($word))
)
GROUP BY ALL
ORDER BY month""",
        {"word": "parcel"},
    ),
}
