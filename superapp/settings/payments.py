"""Money: the gateway, the wallet, limits. Amounts in whole units of the home currency."""

from django.core.exceptions import ImproperlyConfigured

from superapp.settings import env
from superapp.settings.core import ENVIRONMENT, SANDBOX, SECRET_KEY

# The Stripe key. Empty: the sandbox inside the house. sk_test_…: Stripe's test mode.
GATEWAY_KEY = env.text("SUPERAPP_STRIPE_KEY")
# A live key moves real money: it has to be asked for.
GATEWAY_LIVE = env.flag("SUPERAPP_STRIPE_LIVE")
if GATEWAY_KEY.startswith(("sk_live_", "rk_live_")) and not GATEWAY_LIVE:
    raise ImproperlyConfigured("SUPERAPP_STRIPE_KEY is a live key. Set SUPERAPP_STRIPE_LIVE=1 too.")
# Without a key and without the sandbox there is no gateway: the wallet would take cards that exist
# nowhere, so binding, charging and paying out are refused.
GATEWAY_CLOSED = not GATEWAY_KEY and not SANDBOX
# Signing secrets of webhooks; two of them while one replaces the other.
WEBHOOK_SECRETS = env.words(
    "SUPERAPP_STRIPE_WEBHOOK_SECRETS", [] if GATEWAY_KEY else ["whsec_sandbox"]
)
# Bytes of a webhook, and seconds its signature is good for, before and after now.
WEBHOOK_MAX = 64 * 1024
WEBHOOK_SECONDS = 300
# Seconds one question to the gateway may take, and how often the SDK itself asks again.
GATEWAY_SECONDS = env.number("SUPERAPP_GATEWAY_SECONDS", 10)
GATEWAY_RETRIES = 2
# Seconds a job that talks to the gateway owns its row; a killed worker's job is found after it.
GATEWAY_LEASE_SECONDS = env.number("SUPERAPP_GATEWAY_LEASE", 45)
# Seconds until an operation that is not settled is looked at again: 1st, 2nd, … look.
GATEWAY_CHECKS = [30, 30, 60, 120, 300, 600, 1800, 3600]
# Until then an unanswered question is asked again with the same key; later it is only searched.
GATEWAY_REPEAT_SECONDS = 20 * 3600
# A hosted page nobody finished is given up after this.
GATEWAY_ABANDONED_SECONDS = env.number("SUPERAPP_GATEWAY_ABANDONED", 24 * 3600)
# An answer to a dispute: characters of the text, and bytes of the file (as much as Stripe takes).
EVIDENCE_TEXT_MAX = 20_000
EVIDENCE_FILE_MAX = env.number("SUPERAPP_EVIDENCE_FILE_MAX", 4 * 1024 * 1024)
# Seconds the sandbox's gateway waits before it decides late charges, payouts and disputes.
SANDBOX_LATE_SECONDS = env.number("SUPERAPP_SANDBOX_LATE", 10)
# The process dies at this point of payments.gateways.faults; only outside production.
FAULT_POINT = env.text("SUPERAPP_FAULT_POINT") if ENVIRONMENT != "production" else ""

# What a wallet may hold, the first one being offered first.
WALLET_CURRENCIES = env.words("SUPERAPP_WALLET_CURRENCIES", ["CNY", "USD", "EUR", "JPY", "BHD"])
# One unit of the home currency in each, for limits only: nobody is paid by these.
LIMIT_RATES = {"CNY": "1", "USD": "0.14", "EUR": "0.13", "JPY": "21", "BHD": "0.053"}
CARDS_MAX = env.number("SUPERAPP_CARDS_MAX", 10)
# Accounts one card may be bound to.
CARD_ACCOUNTS_MAX = env.number("SUPERAPP_CARD_ACCOUNTS_MAX", 3)
TOPUP_MIN, TOPUP_MAX = 1, env.number("SUPERAPP_TOPUP_MAX", 20_000)
TOPUP_PER_DAY = env.number("SUPERAPP_TOPUP_PER_DAY", 50_000)
WITHDRAW_MIN, WITHDRAW_MAX = 1, env.number("SUPERAPP_WITHDRAW_MAX", 50_000)
WITHDRAW_PER_DAY = env.number("SUPERAPP_WITHDRAW_PER_DAY", 50_000)
# Free for a lifetime; above it the fee in basis points (10 = 0.1 %), at least so many minor units.
WITHDRAW_FREE = env.number("SUPERAPP_WITHDRAW_FREE", 1_000)
WITHDRAW_FEE_BP = env.number("SUPERAPP_WITHDRAW_FEE_BP", 10)
WITHDRAW_FEE_MIN_MINOR = env.number("SUPERAPP_WITHDRAW_FEE_MIN", 10)
# No withdrawal so soon (seconds) after the account or the payment password changed.
WITHDRAW_COOLING_SECONDS = env.number("SUPERAPP_WITHDRAW_COOLING", 0 if SANDBOX else 24 * 3600)
# What may be paid from the balance, by level: 0 nothing, 1 in a lifetime, 2 and 3 in a year.
PAY_CAPS = [0, 1_000, 100_000, 200_000]
PAY_PER_DAY = env.number("SUPERAPP_PAY_PER_DAY", 20_000)
# What may be received in a year, by level.
RECEIVE_CAPS = [1_000, 100_000, 1_000_000, 5_000_000]
# Paid without the payment password: each, and in a day.
PASSWORD_FREE_EACH = env.number("SUPERAPP_PASSWORD_FREE_EACH", 200)
PASSWORD_FREE_PER_DAY = env.number("SUPERAPP_PASSWORD_FREE_PER_DAY", 1_000)

# How often a refund is asked for until it goes to the balance, and seconds until the 2nd, 3rd, … try.
REFUND_TRIES = env.number("SUPERAPP_REFUND_TRIES", 3)
REFUND_WAITS = [60, 3600]

# Risk rules. Payments in an hour: as many are refused, and from half of it on the password is asked.
RISK_PAYMENTS_PER_HOUR = env.number("SUPERAPP_RISK_PAYMENTS_PER_HOUR", 60)
# So long (seconds) after signing in a browser is new: the password is asked for every payment.
RISK_NEW_SESSION_SECONDS = env.number("SUPERAPP_RISK_NEW_SESSION", 0 if SANDBOX else 24 * 3600)
# From this amount (whole home units) a transfer from a new browser or to somebody new arrives later.
RISK_NEW_PAYEE_AMOUNT = env.number("SUPERAPP_RISK_NEW_PAYEE_AMOUNT", 5_000)
RISK_DELAY_SECONDS = env.number("SUPERAPP_RISK_DELAY", 24 * 3600)
# Money that came in within so many seconds, from so many people, at least so much (whole home units):
# a payment of so many percent of it arrives later, and a withdrawal is refused.
RISK_MULE_SECONDS = env.number("SUPERAPP_RISK_MULE_SECONDS", 24 * 3600)
RISK_MULE_PEOPLE = env.number("SUPERAPP_RISK_MULE_PEOPLE", 5)
RISK_MULE_AMOUNT = env.number("SUPERAPP_RISK_MULE_AMOUNT", 2_000)
RISK_MULE_PERCENT = env.number("SUPERAPP_RISK_MULE_PERCENT", 50)
# So long (seconds) a rule that staff found to be wrong about somebody says nothing more about them.
RISK_CLEARED_SECONDS = env.number("SUPERAPP_RISK_CLEARED", 30 * 24 * 3600)

# So long (seconds) money may be held before it is captured: what banks keep for us.
HOLD_MAX_SECONDS = env.number("SUPERAPP_HOLD_MAX", 7 * 24 * 3600)
HOLDS_PAGE = 30

# The payment password: tries, lock, and what its hash costs.
PAYMENT_PASSWORD_TRIES = 5
PAYMENT_PASSWORD_LOCK_SECONDS = env.number("SUPERAPP_PAYMENT_PASSWORD_LOCK", 3 * 3600)
PAYMENT_PASSWORD_RESETS_PER_DAY = 5
PAYMENT_PASSWORD_KIB = env.number("SUPERAPP_PAYMENT_PASSWORD_KIB", 19 * 1024)
PAYMENT_PASSWORD_ROUNDS = 2
# Mixed into hashes of six digits, which alone are quickly guessed; not in the database.
PAYMENT_PEPPER = env.text("SUPERAPP_PAYMENT_PEPPER") or f"payments:{SECRET_KEY}"
# Seconds a confirmed password is good for one payment.
PAY_AUTH_SECONDS = 120

# Of everybody in the demo world.
DEMO_PAYMENT_PASSWORD = env.text("SUPERAPP_DEMO_PAYMENT_PASSWORD", "246813")

BILLS_PAGE = 30
# Doubts about one bill that are shown on it.
DOUBTS_SHOWN = 20
# Rows of one export; a year of somebody who pays a thousand times a month.
EXPORT_ROWS_MAX = env.number("SUPERAPP_EXPORT_ROWS_MAX", 20_000)
EXPORT_PDF_ROWS_MAX = 2_000
# Statements by e-mail: how many months in one, and how many letters a day.
STATEMENT_MONTHS_MAX = env.number("SUPERAPP_STATEMENT_MONTHS_MAX", 12)
STATEMENT_MAILS_PER_DAY = env.number("SUPERAPP_STATEMENT_MAILS_PER_DAY", 10)

# How often the gateway's own list of movements is compared with the books, and how many days of it.
RECONCILE_SECONDS = env.number("SUPERAPP_RECONCILE_SECONDS", 600)
RECONCILE_DAYS = env.number("SUPERAPP_RECONCILE_DAYS", 2)
# Once a night, at this hour (UTC), so many whole days: what came late for all other runs.
RECONCILE_HOUR = env.number("SUPERAPP_RECONCILE_HOUR", 3)
RECONCILE_NIGHT_DAYS = env.number("SUPERAPP_RECONCILE_NIGHT_DAYS", 7)
# Silence is not health: a comparison older than this (seconds) turns the page red.
RECONCILE_STALE_SECONDS = env.number("SUPERAPP_RECONCILE_STALE", 1800)
# So long (seconds) the gateway may take to list what the books have already.
RECONCILE_PATIENCE_SECONDS = env.number("SUPERAPP_RECONCILE_PATIENCE", 3600)
# The books may be so much (seconds) later than the gateway: at the start of what is compared, what
# they alone have is not judged.
RECONCILE_MARGIN_SECONDS = env.number("SUPERAPP_RECONCILE_MARGIN", 12 * 3600)
# Objects one run asks the gateway about, because they are not booked yet.
RECONCILE_ASKS_MAX = env.number("SUPERAPP_RECONCILE_ASKS_MAX", 100)
