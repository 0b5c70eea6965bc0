"""The thread of a person with an official account: who may write there follows from who follows."""

import django.db.models.deletion
from django.db import migrations, models

SEATS = """
-- Who may write where. One row per (conversation, account) asked for; strangers' pairs are absent.
-- Takes the conversation rows in id order, so that two batches never wait for each other in a circle.
CREATE FUNCTION chat_seats(asked json) RETURNS TABLE (
    conversation_id bigint, public_id varchar, kind varchar, members_rev bigint,
    is_greeting boolean, is_disbanded boolean, membership_id bigint, account_id bigint,
    status varchar, role varchar, peer_id bigint, greeter_id bigint,
    author_id varchar, author_name varchar, author_avatar varchar, is_peer_closed boolean,
    is_blocked boolean, has_blocked boolean, is_in_peers_list boolean, has_greeted boolean,
    service varchar, known text, print text
) LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off
SET enable_mergejoin = off SET jit = off
AS $body$
#variable_conflict use_column
BEGIN
    RETURN QUERY
SELECT s.c, s.public_id, s.kind, s.members_rev, s.is_greeting, s.is_disbanded, s.m, s.account_id,
       s.status, s.role, s.peer_id, s.greeter_id, s.author, s.name, s.avatar, s.is_peer_closed,
       s.is_blocked, s.has_blocked, s.is_in_peers_list, s.has_greeted, s.service, s.print,
       ROW(s.c, s.kind, s.members_rev, s.is_greeting, s.is_disbanded, s.m, s.status, s.role,
           s.peer_id, s.greeter_id, s.author, s.name, s.avatar, s.is_peer_closed, s.is_blocked,
           s.has_blocked, s.is_in_peers_list, s.has_greeted, s.service)::text
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
           CASE WHEN c.kind <> 'service' THEN '' ELSE COALESCE((
               SELECT CASE WHEN o.status <> 'approved' THEN 'closed'
                           WHEN w.is_following IS NOT TRUE THEN 'unfollowed'
                           WHEN w.is_blacklisted THEN 'blacklisted' ELSE 'open' END
               FROM accounts_officialaccount o
               LEFT JOIN accounts_follow w ON w.official_id = o.id AND w.person_id =
                   CASE WHEN o.account_id = m.account_id THEN m.peer_id ELSE m.account_id END
               WHERE o.account_id IN (m.account_id, m.peer_id)
           ), '') END::varchar AS service,
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
"""

BEFORE = """
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
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_official_accounts"), ("chat", "0004_said_at_once")]

    operations = [
        migrations.AddField(
            model_name="membership",
            name="is_subscription",
            field=models.BooleanField(default=False),
        ),
        migrations.CreateModel(
            name="SpokenBy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "message",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="spoken_by",
                        to="chat.message",
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="accounts.account",
                    ),
                ),
            ],
        ),
        # What a function returns cannot be changed in place.
        migrations.RunSQL(
            "DROP FUNCTION chat_seats(json);" + SEATS, "DROP FUNCTION chat_seats(json);" + BEFORE
        ),
    ]
