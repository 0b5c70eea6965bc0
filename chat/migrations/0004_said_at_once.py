"""The hot path in one question: what was decided on remembered facts is stored if they still hold.

chat_seats gains `print`, all it says of a seat as one text. chat_say takes the prints a process
remembers, reads the seats again under the lock and stores only if every print is as it was.
"""

from django.db import migrations

BEFORE = "DROP FUNCTION chat_seats(json); DROP FUNCTION chat_store(json, timestamptz);"

FUNCTIONS = """
-- Planned once per connection, and always through the indexes: these run for every message, and
-- a plan made while a table was empty would read the whole of it for as long as it is remembered.

-- Who may write where. One row per (conversation, account) asked for; strangers' pairs are absent.
-- Takes the conversation rows in id order, so that two batches never wait for each other in a circle.
CREATE FUNCTION chat_seats(asked json) RETURNS TABLE (
    conversation_id bigint, public_id varchar, kind varchar, members_rev bigint,
    is_greeting boolean, is_disbanded boolean, membership_id bigint, account_id bigint,
    status varchar, role varchar, peer_id bigint, greeter_id bigint,
    author_id varchar, author_name varchar, author_avatar varchar, is_peer_closed boolean,
    is_blocked boolean, has_blocked boolean, is_in_peers_list boolean, has_greeted boolean,
    known text, print text
) LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off
SET enable_mergejoin = off SET jit = off
AS $body$
#variable_conflict use_column
BEGIN
    RETURN QUERY
SELECT s.c, s.public_id, s.kind, s.members_rev, s.is_greeting, s.is_disbanded, s.m, s.account_id,
       s.status, s.role, s.peer_id, s.greeter_id, s.author, s.name, s.avatar, s.is_peer_closed,
       s.is_blocked, s.has_blocked, s.is_in_peers_list, s.has_greeted, s.print,
       ROW(s.c, s.kind, s.members_rev, s.is_greeting, s.is_disbanded, s.m, s.status, s.role,
           s.peer_id, s.greeter_id, s.author, s.name, s.avatar, s.is_peer_closed, s.is_blocked,
           s.has_blocked, s.is_in_peers_list, s.has_greeted)::text
FROM (
    SELECT c.id AS c, c.public_id, c.kind, c.members_rev, c.is_greeting,
           c.disbanded_at IS NOT NULL AS is_disbanded, m.id AS m, m.account_id, m.status, m.role,
           m.peer_id, c.greeter_id, a.public_id AS author, a.name, f.public_id AS avatar,
           p.closed_at IS NOT NULL AS is_peer_closed,
           m.peer_id IS NOT NULL AND EXISTS (
               SELECT FROM accounts_block b
               WHERE b.owner_id = m.peer_id AND b.other_id = m.account_id
           ) AS is_blocked,
           m.peer_id IS NOT NULL AND EXISTS (
               SELECT FROM accounts_block b
               WHERE b.owner_id = m.account_id AND b.other_id = m.peer_id
           ) AS has_blocked,
           m.peer_id IS NOT NULL AND EXISTS (
               SELECT FROM accounts_contact e
               WHERE e.owner_id = m.peer_id AND e.other_id = m.account_id
           ) AS is_in_peers_list,
           COALESCE(c.greeter_id = m.account_id, false) AND EXISTS (
               SELECT FROM chat_message g
               WHERE g.conversation_id = c.id AND g.author_id = m.account_id
                 AND g.kind <> 'system'
           ) AS has_greeted,
           i.print
    FROM json_to_recordset(asked) AS i (conversation text, account bigint, print text)
    JOIN chat_conversation c ON c.public_id = i.conversation
    JOIN chat_membership m ON m.conversation_id = c.id AND m.account_id = i.account
    JOIN accounts_account a ON a.id = m.account_id
    LEFT JOIN kernel_storedfile f ON f.id = a.avatar_id
    LEFT JOIN accounts_account p ON p.id = m.peer_id
    ORDER BY c.id
    FOR UPDATE OF c
) AS s;
END
$body$;

-- Stores a batch: gives each conversation's messages the next seq numbers, without holes, and skips
-- what its author has said before under the same client id. Returns what was new.
CREATE FUNCTION chat_store(given json, moment timestamptz) RETURNS TABLE (
    message_id bigint, author bigint, client varchar, message_seq bigint
) LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off
SET enable_mergejoin = off SET jit = off
AS $body$
#variable_conflict use_column
DECLARE
    one record;
    place bigint;
BEGIN
    IF json_array_length(given) = 1 THEN
        -- The same in single steps: between busy hours most batches hold one message.
        SELECT * INTO one FROM json_to_record(given -> 0) AS t (
            conv bigint, author bigint, client text, kind text, text text, body jsonb,
            quote bigint, words text
        );
        PERFORM FROM chat_message m WHERE m.author_id = one.author AND m.client_id = one.client;
        IF FOUND THEN
            RETURN;
        END IF;
        UPDATE chat_conversation c SET last_seq = c.last_seq + 1, last_message_at = moment
        WHERE c.id = one.conv RETURNING c.last_seq INTO place;
        RETURN QUERY INSERT INTO chat_message (
            conversation_id, seq, author_id, client_id, kind, text, body, quote_seq, sent_at,
            change, search
        ) VALUES (
            one.conv, place, one.author, one.client, one.kind, one.text, one.body, one.quote,
            moment, 0, array_to_tsvector(string_to_array(one.words, ' '))
        )
        RETURNING chat_message.id, chat_message.author_id, chat_message.client_id,
                  chat_message.seq;
        RETURN;
    END IF;
    RETURN QUERY
WITH inp AS (
    SELECT * FROM ROWS FROM (json_to_recordset(given) AS (
        conv bigint, author bigint, client text, kind text, text text, body jsonb, quote bigint,
        words text
    )) WITH ORDINALITY AS t (conv, author, client, kind, text, body, quote, words, ord)
), fresh AS (
    SELECT * FROM inp WHERE NOT EXISTS (
        SELECT FROM chat_message m WHERE m.author_id = inp.author AND m.client_id = inp.client
    )
), grown AS (
    UPDATE chat_conversation c SET last_seq = c.last_seq + n, last_message_at = moment
    FROM (SELECT conv, count(*) AS n FROM fresh GROUP BY conv) AS g
    WHERE c.id = g.conv
    RETURNING c.id, c.last_seq - n AS base
)
INSERT INTO chat_message (
    conversation_id, seq, author_id, client_id, kind, text, body, quote_seq, sent_at, change, search
)
SELECT conv, base + row_number() OVER (PARTITION BY conv ORDER BY ord),
       author, client, kind, text, body, quote, moment, 0,
       array_to_tsvector(string_to_array(words, ' '))
FROM fresh JOIN grown ON grown.id = fresh.conv
ORDER BY ord
RETURNING chat_message.id, chat_message.author_id, chat_message.client_id, chat_message.seq;
END
$body$;

-- Both at once. `asked` are the seats with the print under which each is remembered: when one is
-- not as it was, nothing is stored and a row of NULLs says so.
CREATE FUNCTION chat_say(asked json, given json, moment timestamptz) RETURNS TABLE (
    message_id bigint, author bigint, client varchar, message_seq bigint
) LANGUAGE plpgsql AS $body$
#variable_conflict use_column
BEGIN
    IF (SELECT count(*) FROM chat_seats(asked) s WHERE s.known = s.print)
       <> json_array_length(asked) THEN
        RETURN QUERY SELECT NULL::bigint, NULL::bigint, NULL::varchar, NULL::bigint;
        RETURN;
    END IF;
    RETURN QUERY SELECT * FROM chat_store(given, moment);
END
$body$;
"""


class Migration(migrations.Migration):
    dependencies = [("chat", "0003_ended_title")]

    operations = [migrations.RunSQL(BEFORE + FUNCTIONS, migrations.RunSQL.noop)]
