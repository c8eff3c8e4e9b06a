"""The SQL that tells who spoke after whom: how long a visitor waited, and whether a bot had the last word.

A wait begins with what the visitor wrote first since the last hand-over by a bot (with the bot's last words where it
was nothing) and ends with the first answer of a person, as Zendesk and Intercom define it. Where an operator began, it
is the wait for an answer to what the visitor wrote then.
"""

from lib.importing.merge.facts import was_given
from lib.store import literal

# Who says no more than this after a bot was helped by it.
_THANKS = "|".join((
    r"\bthank(s| you)\b", r"\bthx\b", r"\bcheers\b", r"\bgot it\b", r"\bthat('s| is) (all|it)\b", r"\bperfect\b",
    r"\bdank(e|u|eschön)\b", r"\bbedankt\b", r"\bmerci\b", r"\bgracias\b", r"\bobrigad[oa]\b", r"\bgrazie\b",
    r"\btack\b", r"\btakk?\b", r"\bkiitos\b", r"\bdzięk(i|uję)\b", r"\bděkuji\b", r"спасибо", r"\bteşekkür",
    r"\bterima kasih\b", r"cảm ơn", r"ありがと", r"有難う", r"助かりました", r"解決しました", r"わかりました",
    r"分かりました", r"了解",
    r"谢谢", r"謝謝", r"감사", r"고마", r"ขอบคุณ", r"شكرا", r"תודה",
))  # fmt: skip
_STILL_ASKS = "|".join((
    r"[?？]", r"\b(but|no|not|still|human|person|agent|someone|aber|nicht|mensch|mais|pas|pero|mas|non)\b", r"n't\b",
    r"です[がけ]", r"ません", r"ない", r"まだ", r"担当", r"人と", r"しかし", r"但", r"不", r"人工",
))  # fmt: skip
_LONGEST_THANKS = 60
_IS_THANKS = f"""
    text IS NOT NULL AND length(text) <= {_LONGEST_THANKS}
    AND regexp_matches(lower(text), {literal(_THANKS)}) AND NOT regexp_matches(lower(text), {literal(_STILL_ASKS)})
"""


def turns(entries: str) -> str:
    """SQL that makes the table `turns` of a table of entries, with `tallies` of them, for the chats in `ordinals`.

    It has the chats in which it is not simply the visitor who asked first and an operator who answered: by position,
    which entry asked and which answered, and the last one in which the visitor wanted something.
    """
    return f"""
CREATE OR REPLACE TEMP TABLE turns AS
WITH spoken AS (
    SELECT
        e.key, e.position, t.first_asked,
        e.kind = 'visitor' AS asks,
        e.kind = 'operator' AND e.automatic IS NOT TRUE AS answers,
        e.kind = 'bot' AND e.automatic IS NOT TRUE AND e.text IS NOT NULL AS hands_over,
        e.kind = 'visitor' AND NOT ({_IS_THANKS}) AS wants
    FROM {entries} AS e JOIN tallies AS t ON t.key = e.key JOIN ordinals AS o ON o.key = e.key
    WHERE t.first_operator < t.first_asked
        OR t.first_asked IS NOT NULL AND t.first_bot < coalesce(t.first_operator, t.first_bot + 1)
),
answered AS (
    SELECT *, min(CASE WHEN answers AND position > first_asked THEN position END) OVER (PARTITION BY key) AS answer
    FROM spoken
),
handed AS (
    SELECT
        *, max(CASE WHEN hands_over AND position < coalesce(answer, position + 1) THEN position END)
            OVER (PARTITION BY key) AS hand_over
    FROM answered
)
SELECT
    key, any_value(answer) AS answer, max(position) FILTER (wants) AS last_wanted,
    coalesce(
        min(position) FILTER (
            asks AND position > coalesce(hand_over, -1) AND position < coalesce(answer, position + 1)
        ),
        any_value(hand_over)
    ) AS ask
FROM handed GROUP BY key
"""


# Of a transcript whose beginning is missing, as in a list that holds the last message, it is not known who began.
_IS_WHOLE_FROM_THE_START = "t.begun_at <= f.started_at + INTERVAL 2 SECOND"
# Of facts `f` and tallies `t`, the columns that the wait needs of them.
WHO_WROTE = f"""
    t.first_operator IS NOT NULL AS operator_wrote,
    t.last_bot IS NOT NULL AS bot_wrote,
    t.first_asked IS NOT NULL AS has_asked,
    coalesce(
        t.first_operator < coalesce(t.first_asked, t.first_operator + 1) AND {_IS_WHOLE_FROM_THE_START}, FALSE
    ) AS operator_began,
    coalesce(
        t.last_bot IS NOT NULL AND t.first_operator IS NULL AND f.given_answered IS NOT TRUE
        AND {_IS_WHOLE_FROM_THE_START}, FALSE
    ) AS only_bots_wrote
"""

_GIVEN = f"CASE WHEN {was_given('given_wait_s', 'given_wait_s', 'answered')} THEN given_wait_s END"
# Where nobody wrote, it is not known whether somebody asked before an operator did.
_SINCE = """
CASE
    WHEN has_asked THEN coalesce(asked_at, started_at)
    WHEN given_question IS NOT NULL OR message_count = 0 THEN started_at
END
"""
_ANSWERED = f"""
CASE WHEN operator_wrote THEN coalesce(
    nullif(greatest(-1, date_diff('microsecond', {_SINCE}, answered_at)), -1) / 1e6,
    CASE
        WHEN answered_at IS NOT NULL AND started_at IS NOT NULL THEN NULL
        WHEN has_asked THEN answered_after_s - coalesce(asked_after_s, 0)
        WHEN given_question IS NOT NULL THEN answered_after_s
    END
) END
"""
# Of the columns of `answered` in rows.py. What the chat system counted itself stands in for what cannot be told;
# where an operator began it counted from the beginning, although nobody waited, and where only a bot wrote, until that.
WAIT_S = f"""
coalesce(
    {_GIVEN}, {_ANSWERED}, CASE WHEN NOT (operator_began OR only_bots_wrote) THEN given_wait_s END,
    CASE
        WHEN NOT operator_wrote AND ended_at >= {_SINCE}
            AND (status = 'missed' OR rule_reason IS NOT NULL OR len(operators) = 0 AND NOT bot_wrote)
        THEN date_diff('microsecond', {_SINCE}, ended_at) / 1e6
    END
)
"""
