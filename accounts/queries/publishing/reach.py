"""Whom a broadcast reaches: one rule, as SQL, for lists, threads, counts and quotas."""

# Aliases: b is the broadcast, f the follow. Whoever followed when it was sent, minus or only those
# listed with it. Listed.SIZE primary keys of follows stand in one row.
REACHES = """
    b.sent_at <@ ANY(f.periods)
    AND (b.reach = 'all' OR (b.reach = 'only') = EXISTS (
        SELECT FROM accounts_listed l
        WHERE l.broadcast_id = b.id AND l.block = f.id / 1024
          AND (f.id % 1024)::smallint = ANY(l.places)
    ))
"""
