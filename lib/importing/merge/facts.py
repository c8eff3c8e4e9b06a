"""The SQL that unites what several records tell of a chat, fact by fact; see merging.py for the order.

A fact that is not in a record changes nothing. Of the records that give it, the newest counts, and of equally new ones
the one that can judge the chat (a single chat beside a list), then the one that came last. So files of a system may
come in any order and grouping. `fact_times` keeps which record each fact is of, where that is not the newest one.
"""

from lib.importing.records.staging import DETAIL_COLUMNS, FACT_BITS, FACT_COLUMNS

# What the chat itself says of its visitor, without what its visitor's record filled in.
GIVEN = {
    f"visitor_{name}": f"CASE WHEN list_contains(c.filled, '{name}') THEN NULL ELSE c.visitor_{name} END"
    for name in DETAIL_COLUMNS
}
_FACTS = [name for name in FACT_COLUMNS if name != "unknown_fields"]
_LISTS = [name for name in _FACTS if FACT_COLUMNS[name][0].endswith("[]")]
_JUDGES = "coalesce(judged, given_answered, FALSE)"


def fields_inside(column: str, negation: str) -> str:
    """SQL for the unknown fields in `column` that are of messages (or are not: NOT), as the inside of a JSON object."""
    # A JSON pointer, since a path breaks at quotes.
    pointer = "'/' || replace(replace(name, '~', '~0'), '/', '~1')"
    names = f"list_filter(json_keys({column}), lambda name: {negation} starts_with(name, 'messages['))"
    pairs = f"list_transform({names}, lambda name: concat(to_json(name), ': ', json_extract({column}, {pointer})))"
    return f"nullif(array_to_string({pairs}, ', '), '')"


def _of_chat(column: str) -> str:
    return f"concat('{{', {fields_inside(column, 'NOT')}, '}}')"


def _stored(name: str) -> str:
    return GIVEN.get(name, f"c.{name}")


def was_given(name: str, value: str, owner: str = "c") -> str:
    """SQL of whether any record gave a fact; of chats that are older than the column, those count that have a value."""
    has_value = f"coalesce(len({value}), 0) > 0" if name in _LISTS else f"{value} IS NOT NULL"
    return f"coalesce(({owner}.facts_given & {FACT_BITS[name]}) > 0, {has_value})"


def _was_given(name: str) -> str:
    return was_given(name, _stored(name))


def facts_given() -> str:
    """SQL of the bits of all facts that any record of a stored chat `c` gave."""
    return " | ".join(f"CASE WHEN {_was_given(name)} THEN {FACT_BITS[name]} ELSE 0 END" for name in _FACTS)


def place(name: str) -> int:
    """The place of a fact in `fact_times`, as SQL counts."""
    return _FACTS.index(name) + 1


def _since(name: str) -> str:
    usual = f"CASE WHEN {_was_given(name)} THEN c.vendor_updated_at END"
    return f"CASE WHEN c.fact_times IS NULL THEN {usual} ELSE c.fact_times[{place(name)}] END"


def _folded(name: str) -> str:
    """SQL of the fact that the newest of the staged records gives, with its time; NULL where none does."""
    bit = FACT_BITS[name]
    fact = f"struct_pack(v := {name}, t := vendor_updated_at, judges := {_JUDGES}, weak := (weak & {bit}) > 0)"
    return f"arg_max({fact}, row((weak & {bit}) = 0, place)) FILTER ((given & {bit}) > 0) AS {name}"


def _taken(name: str) -> str:
    """SQL of whether a staged fact counts, and not the stored one."""
    is_newer = f"{name}.t > {name}_since OR {name}.t = {name}_since AND {name}.judges >= judges_before"
    # What is known but vaguely gives way to what is known well, and among such the newer one counts, too.
    return f"""({name} IS NOT NULL AND (
        NOT known OR {name}.weak < (NOT {name}_given) OR {name}.weak = (NOT {name}_given) AND coalesce({is_newer}, TRUE)
    ))"""


_GIVEN_BEFORE = " | ".join(f"CASE WHEN {name}_given THEN {FACT_BITS[name]} ELSE 0 END" for name in _FACTS)
_TIMES = ", ".join(f"{name}_at" for name in _FACTS)
_USUAL = ", ".join(f"CASE WHEN (facts_given & {FACT_BITS[name]}) > 0 THEN vendor_updated_at END" for name in _FACTS)

# The chats of which more than one record tells: in this import, or there and in the store. All others are as their only
# record says, or as they are stored.
SEVERAL = """
CREATE OR REPLACE TEMP TABLE several AS
SELECT t.id
FROM (
    SELECT s.id, count(*) AS records, bool_or(s.weak > 0) AS weak, any_value(s.facts_digest) AS digest,
        max(s.vendor_updated_at) AS newest
    FROM staged_chats AS s JOIN firsts AS f ON f.id = s.id AND (s.combined OR s.number = f.number)
    GROUP BY s.id
) AS t LEFT JOIN chats AS c ON c.id = t.id
WHERE records > 1 OR c.id IS NOT NULL AND (t.weak OR c.facts_digest <> digest OR c.vendor_updated_at < newest)
"""
UNITED = f"""
CREATE OR REPLACE TEMP TABLE united AS
WITH told AS MATERIALIZED (
    SELECT
        s.*, f.number AS key,
        row(coalesce(s.vendor_updated_at, TIMESTAMP '1970-01-01'), {_JUDGES}, s.gives_messages, s.number) AS place
    FROM staged_chats AS s JOIN firsts AS f ON f.id = s.id AND (s.combined OR s.number = f.number)
    WHERE s.id IN (FROM several)
),
folded AS (
    SELECT
        id, any_value(key) AS key, count(*) AS records, any_value(facts_digest) AS digest,
        bit_or(given & ~weak) AS given, {", ".join(map(_folded, _FACTS))},
        arg_max(vendor_updated_at, place) AS vendor_updated_at, arg_max(system, place) AS system,
        any_value(nullif(account, '')) AS account, arg_max(vendor_id, place) AS vendor_id,
        arg_max(gives_messages, place) AS gives_messages,
        arg_max(struct_pack(v := unknown_fields), place).v AS newest_unknown,
        list({_of_chat("unknown_fields")} ORDER BY place) FILTER (unknown_fields IS NOT NULL) AS unknown
    FROM told GROUP BY id
),
compared AS (
    SELECT
        f.*, c.id IS NOT NULL AS known, c.vendor_updated_at AS updated_before, c.unknown_fields AS unknown_before,
        c.facts_given AS given_before,
        coalesce(c.judged, c.given_answered, FALSE) AS judges_before,
        coalesce(c.vendor_updated_at > f.vendor_updated_at, FALSE) AS is_older,
        {", ".join(f"{_was_given(n)} AS {n}_given" for n in _FACTS)},
        {", ".join(f"{_since(n)} AS {n}_since" for n in _FACTS)},
        {", ".join(f"{_stored(n)} AS {n}_before" for n in _FACTS)}
    FROM folded AS f LEFT JOIN chats AS c ON c.id = f.id
),
chosen AS (SELECT *, {", ".join(f"{_taken(n)} AS {n}_taken" for n in _FACTS)} FROM compared),
facts AS (
    SELECT
        key, id, system, account, vendor_id, records, digest, gives_messages, newest_unknown,
        given | CASE WHEN known THEN coalesce(given_before, {_GIVEN_BEFORE}) ELSE 0 END AS facts_given,
        known, updated_before, unknown_before, is_older,
        CASE WHEN is_older THEN updated_before ELSE coalesce(vendor_updated_at, updated_before) END
            AS vendor_updated_at,
        CASE WHEN is_older THEN unknown_before ELSE newest_unknown END AS newer_unknown,
        {", ".join(f"CASE WHEN {n}_taken THEN {n}.v ELSE {n}_before END AS {n}" for n in _FACTS)},
        {", ".join(f"CASE WHEN {n}_taken THEN {n}.t ELSE {n}_since END AS {n}_at" for n in _FACTS)},
        {", ".join(f"{n}.v AS {n}_told" for n in _FACTS)}, {", ".join(f"{n}_before" for n in _FACTS)},
        list_reduce(
            CASE
                WHEN unknown_before IS NULL THEN coalesce(unknown, [])
                WHEN is_older
                THEN list_append(coalesce(unknown, []), {_of_chat("unknown_before")})
                ELSE list_prepend({_of_chat("unknown_before")}, coalesce(unknown, []))
            END,
            lambda older, newer: json_merge_patch(older, newer), '{{}}'
        ) AS unknown_of_chat
    FROM chosen
),
whole AS (
    SELECT
        * REPLACE ({", ".join(f"coalesce({n}, []) AS {n}" for n in _LISTS)}),
        CASE
            WHEN json({_of_chat("newer_unknown")}) = json(unknown_of_chat) THEN newer_unknown
            ELSE nullif(concat('{{', concat_ws(
                ', ', {fields_inside("unknown_of_chat", "NOT")}, {fields_inside("newer_unknown", "")}
            ), '}}'), '{{}}')
        END AS unknown_fields
    FROM facts
)
SELECT
    key, id, system, account, vendor_id, {", ".join(FACT_COLUMNS)}, vendor_updated_at, facts_given,
    CASE WHEN given_question IS NOT NULL THEN search_form(given_question) END AS question_search,
    CASE WHEN [{_TIMES}] IS DISTINCT FROM [{_USUAL}] THEN [{_TIMES}] END AS fact_times,
    CASE
        WHEN records = 1 AND row({", ".join(_FACTS)}) IS NOT DISTINCT FROM row({", ".join(f"{n}_told" for n in _FACTS)})
            AND unknown_fields IS NOT DISTINCT FROM newest_unknown
        THEN digest ELSE ''
    END AS facts_digest,
    known AND (
        row({", ".join(_FACTS)}) IS DISTINCT FROM row({", ".join(f"{n}_before" for n in _FACTS)})
        OR vendor_updated_at IS DISTINCT FROM updated_before
        OR json({_of_chat("unknown_fields")}) <> json({_of_chat("unknown_before")})
        OR gives_messages AND NOT is_older AND json(unknown_fields) IS DISTINCT FROM json(unknown_before)
    ) AS differs
FROM whole
"""
# Where there are none: the engine takes a quarter of a second to understand the above.
NONE_UNITED = f"""
CREATE OR REPLACE TEMP TABLE united (
    key BIGINT, id UUID, system VARCHAR, account VARCHAR, vendor_id VARCHAR,
    {", ".join(f"{name} {FACT_COLUMNS[name][0]}" for name in FACT_COLUMNS)}, vendor_updated_at TIMESTAMP,
    facts_given BIGINT, question_search VARCHAR, fact_times TIMESTAMP[], facts_digest VARCHAR, differs BOOLEAN
)
"""
# When each fact of a record was known: of one that is known but vaguely it is kept.
TIMES_OF_VAGUE = f"""
CASE WHEN s.given & s.weak > 0 THEN [{
    ", ".join(f"CASE WHEN (s.given & {FACT_BITS[name]}) > 0 THEN s.vendor_updated_at END" for name in _FACTS)
}] END
"""
