"""A second database role: the application's own, which cannot switch the guards of the books off.

Nothing inside a database stops the owner of its tables. Where the application is not that owner, it
reads everything, writes what is not history, and moves money by the one door alone.
"""

from django.db import connection, transaction

from payments.queries.books import rows

_ALL = "SELECT, INSERT, UPDATE, DELETE"
# What the role may do with the tables that are not like others. To lock a row is to be allowed to
# change something of it, and then the triggers still have their say.
_LESS = {
    "ledger_journal": "SELECT",
    "ledger_posting": "SELECT",
    "ledger_entry": "SELECT",
    "ledger_door": "SELECT, INSERT",
    "ledger_account": "SELECT, INSERT, UPDATE (status)",
    "ledger_seal": "SELECT, INSERT, UPDATE (sealed_at)",
    "django_migrations": "SELECT",
}


def unfit(role: str) -> str:
    """Why a role would not be kept from anything, in words; "" where it would."""
    found = rows(
        """
        SELECT r.rolname = current_user, r.rolsuper OR r.rolcreaterole,
               pg_has_role(r.oid, current_user, 'MEMBER'),
               (SELECT relowner FROM pg_class WHERE oid = 'ledger_posting'::regclass)
                   = current_user::regrole
        FROM pg_roles r WHERE r.rolname = %s
        """,
        [role],
    )
    if not found:
        return f"There is no role {role}."
    is_same, is_mighty, is_member, owns = found[0]
    if is_same or not owns:
        return "Run this as the owner of the tables, for another role."
    return f"{role} may become the owner." if is_mighty or is_member else ""


def limit(role: str) -> None:
    """Let a role run the application, and no more. Repeats change nothing; run it as the owner, again
    after every migration.
    """
    quote = connection.ops.quote_name
    name = quote(role)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {name}")
        cursor.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        cursor.execute(f"GRANT {_ALL} ON ALL TABLES IN SCHEMA public TO {name}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {name}")
        for table, some in _LESS.items():
            cursor.execute(f"REVOKE ALL ON {table} FROM {name}")
            cursor.execute(f"GRANT {some} ON {table} TO {name}")
        # The door opens by the owner's right. No table of the caller's may stand in for ours.
        cursor.execute(
            "ALTER FUNCTION ledger_post() SECURITY DEFINER SET search_path = public, pg_temp"
        )


def is_owner() -> bool:
    """Whether this very connection could switch the guards off."""
    ((owns,),) = rows(
        """
        SELECT pg_has_role(relowner, 'MEMBER') FROM pg_class WHERE oid = 'ledger_posting'::regclass
        """
    )
    return bool(owns)
