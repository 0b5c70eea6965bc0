"""The ledger: amounts, shards of busy accounts, checks. Times in seconds."""

from superapp.settings import env

# Into how many accounts the income of one merchant is spread: payments to one of them do not wait
# for each other. More may be set at any time; fewer only stops using the others for new income.
LEDGER_SHARDS = env.number("SUPERAPP_LEDGER_SHARDS", 32)
# How often an action is tried when the database breaks it off for others, and the most that is waited
# before the second try; twice as long before each further one.
LEDGER_TRIES = env.number("SUPERAPP_LEDGER_TRIES", 3)
LEDGER_RETRY_SECONDS = env.seconds("SUPERAPP_LEDGER_RETRY", 0.02)
# The database role of the application, where another one owns the tables (docs/deploy.md). Empty: one
# role for both.
LEDGER_ROLE = env.text("SUPERAPP_LEDGER_ROLE")
# How often all books are checked, and how old the last check may be before the page turns red.
LEDGER_CHECK_SECONDS = env.number("SUPERAPP_LEDGER_CHECK_SECONDS", 600)
LEDGER_CHECK_STALE_SECONDS = env.number("SUPERAPP_LEDGER_CHECK_STALE_SECONDS", 1800)
# Faults listed per rule: the first ones are enough to begin with.
LEDGER_FAULTS_SHOWN = 20
# How long results of green checks are kept; red ones stay.
LEDGER_RUNS_DAYS = env.number("SUPERAPP_LEDGER_RUNS_DAYS", 90)
# Journals in one seal.
LEDGER_SEAL_MAX = env.number("SUPERAPP_LEDGER_SEAL_MAX", 50_000)
# How long one question of a check may take.
LEDGER_CHECK_TIMEOUT_SECONDS = env.number("SUPERAPP_LEDGER_CHECK_TIMEOUT_SECONDS", 300)
# Seals whose journals are hashed again by each check; once a day it is all of them.
LEDGER_SEALS_RECHECKED = env.number("SUPERAPP_LEDGER_SEALS_RECHECKED", 5)
LEDGER_DEEP_CHECK_SECONDS = env.number("SUPERAPP_LEDGER_DEEP_CHECK_SECONDS", 24 * 3600)
# Entries of one account that are added up together, for statements: of a month, at most two blocks and
# what came since the last check are read entry by entry.
LEDGER_SUM_BLOCK = env.number("SUPERAPP_LEDGER_SUM_BLOCK", 500)
