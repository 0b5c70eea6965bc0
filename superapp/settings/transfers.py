"""Money between people. Seconds unless the name says otherwise; amounts in whole home units."""

from superapp.settings import env

# A transfer waits so long for its receiver, then goes back.
TRANSFER_SECONDS = env.number("SUPERAPP_TRANSFER_SECONDS", 24 * 3600)
TRANSFER_MAX = env.number("SUPERAPP_TRANSFER_MAX", 50_000)
# How long after being accepted it may arrive, as its sender chose.
TRANSFER_DELAYS = [0, 2 * 3600, 24 * 3600]
TRANSFER_NOTE_MAX = 60

REQUEST_SECONDS = env.number("SUPERAPP_REQUEST_SECONDS", 7 * 24 * 3600)
# Requests and split bills remind at most once in so long.
REMIND_SECONDS = env.number("SUPERAPP_REMIND_SECONDS", 24 * 3600)
SPLIT_SECONDS = env.number("SUPERAPP_SPLIT_SECONDS", 72 * 3600)
SPLIT_PEOPLE_MAX = env.number("SUPERAPP_SPLIT_PEOPLE_MAX", 100)

PACKET_SECONDS = env.number("SUPERAPP_PACKET_SECONDS", 24 * 3600)
# What one share may be; on some days (month-day) more.
PACKET_EACH_MAX = env.number("SUPERAPP_PACKET_EACH_MAX", 200)
PACKET_EACH_MAX_FESTIVE = env.number("SUPERAPP_PACKET_EACH_MAX_FESTIVE", 520)
PACKET_FESTIVE_DAYS = env.words("SUPERAPP_PACKET_FESTIVE_DAYS", ["02-14", "05-20"])
PACKET_COUNT_MAX = env.number("SUPERAPP_PACKET_COUNT_MAX", 100)
PACKET_GREETING_MAX = 25
PACKET_THANKS_MAX = 60
# What may be sent in packets in a day, by level.
PACKET_DAY_CAPS = [1_000, 5_000, 20_000, 50_000]
# Packets in quick succession: so many at once, refilled in so many seconds.
PACKET_BURST = env.number("SUPERAPP_PACKET_BURST", 20)
PACKET_BURST_SECONDS = 60
PACKET_CLAIMS_SHOWN = 100

# A printed code shows no screen to check: what one payer may pay by such codes in a day.
RECEIVE_CODE_PER_DAY = env.number("SUPERAPP_RECEIVE_CODE_PER_DAY", 500)
RECEIVE_CODE_PAYERS = 20

# The code a person shows: it lives for a step, its neighbours count for clocks that differ.
PAY_CODE_STEP = 30
PAY_CODE_SECONDS = 60
PAY_CODE_TRIES_PER_MINUTE = 5
# By such codes without the payment password: each, and how often in a day.
PAY_CODE_EACH = env.number("SUPERAPP_PAY_CODE_EACH", 1_000)
PAY_CODE_PER_DAY = env.number("SUPERAPP_PAY_CODE_PER_DAY", 10)
