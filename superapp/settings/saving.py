"""Pots and standing payments."""

from superapp.settings import env

# Open pots and standing payments that one person may have.
POTS_MAX = env.number("SUPERAPP_POTS_MAX", 20)
POT_NAME_MAX = 30
STANDING_MAX = env.number("SUPERAPP_STANDING_MAX", 50)
# The hour (0 to 23) at which they are paid, in each owner's own time zone.
STANDING_HOUR = env.number("SUPERAPP_STANDING_HOUR", 9)
# Tries, one a day, until a payment that could not be made counts as missed.
STANDING_TRIES = env.number("SUPERAPP_STANDING_TRIES", 3)
# Days between now and the first payment at most, and payments in one plan.
STANDING_AHEAD_DAYS = 366
STANDING_COUNT_MAX = 1200
# Payments to come that a page shows, and runs of the past.
STANDING_UPCOMING = 3
STANDING_RUNS_SHOWN = 24
# A friend is chosen from so many of one's list.
STANDING_FRIENDS_SHOWN = 1000
# Seconds after which a payment that is due and was not tried is woken again.
STANDING_LATE_SECONDS = 3600
POT_MOVES_PAGE = 30
