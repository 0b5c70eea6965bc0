"""Chat: limits and windows. Times in seconds, sizes in bytes, unless the name says otherwise."""

from superapp.settings import env

MESSAGE_TEXT_MAX = env.number("SUPERAPP_MESSAGE_TEXT_MAX", 5000)
QUOTE_SNAPSHOT_MAX = 100
FORWARD_MAX = 100
MERGED_DEPTH_MAX = 3
CLIENT_ID_MAX = 64

# Recall (MSG-03).
RECALL_SECONDS = env.number("SUPERAPP_RECALL_SECONDS", 120)
RECALL_FILE_SECONDS = env.number("SUPERAPP_RECALL_FILE_SECONDS", 3 * 3600)
REEDIT_SECONDS = env.number("SUPERAPP_REEDIT_SECONDS", 300)
FAVOURITE_RECALL_SECONDS = env.number("SUPERAPP_FAVOURITE_RECALL_SECONDS", 120)

# Typing (MSG-05): clients send at most one per TYPING_EVERY; a sign lives TYPING_SECONDS.
TYPING_EVERY = 3
TYPING_SECONDS = 6

# Groups (GRP-01, 02, 03, 06).
GROUP_MAX = env.number("SUPERAPP_GROUP_MAX", 500)
GROUP_INSTANT_MAX = env.number("SUPERAPP_GROUP_INSTANT_MAX", 40)
GROUP_VERIFIED_ABOVE = env.number("SUPERAPP_GROUP_VERIFIED_ABOVE", 100)
GROUP_ADMINS_MAX = env.number("SUPERAPP_GROUP_ADMINS_MAX", 3)
GROUP_QR_SECONDS = env.number("SUPERAPP_GROUP_QR_SECONDS", 7 * 24 * 3600)
GROUP_QR_MEMBERS_MAX = env.number("SUPERAPP_GROUP_QR_MEMBERS_MAX", 200)
GROUP_INVITE_SECONDS = env.number("SUPERAPP_GROUP_INVITE_SECONDS", 7 * 24 * 3600)
GROUP_TITLE_MAX = 60
GROUP_ALIAS_MAX = 40
GROUP_PICTURE_SIDE = 256
GROUP_HISTORY_FOR_NEWCOMERS = env.number("SUPERAPP_GROUP_HISTORY_FOR_NEWCOMERS", 0)
ANNOUNCEMENT_MAX = 2000
MENTION_ALL_PER_DAY = env.number("SUPERAPP_MENTION_ALL_PER_DAY", 10)
MENTIONS_MAX = 50

# Messages from people who are not friends (MSG-23).
GREETING_TEXT_MAX = 200

# Drafts, favourites, schedules, stickers.
DRAFT_MAX = 5000
FAVOURITES_MAX = env.number("SUPERAPP_FAVOURITES_MAX", 5000)
FAVOURITE_NOTE_MAX = 500
FAVOURITE_TAGS_MAX = 10
SCHEDULE_DAYS_MAX = env.number("SUPERAPP_SCHEDULE_DAYS_MAX", 365)
SCHEDULED_MAX = 200
REMINDERS_MAX = 200
STICKER_SIDE = 240
STICKERS_MAX = env.number("SUPERAPP_STICKERS_MAX", 300)
REACTIONS = ["👍", "❤️", "😂", "🎉", "😮", "😢", "🙏", "🔥"]

# Files (MSG-11).
UPLOAD_IMAGE_MAX = env.number("SUPERAPP_UPLOAD_IMAGE_MAX", 20 * 1024 * 1024)
UPLOAD_VIDEO_MAX = env.number("SUPERAPP_UPLOAD_VIDEO_MAX", 100 * 1024 * 1024)
UPLOAD_VOICE_MAX = env.number("SUPERAPP_UPLOAD_VOICE_MAX", 3 * 1024 * 1024)
UPLOAD_FILE_MAX = env.number("SUPERAPP_UPLOAD_FILE_MAX", 100 * 1024 * 1024)
UPLOAD_QUOTA = env.number("SUPERAPP_UPLOAD_QUOTA", 2 * 1024 * 1024 * 1024)
UPLOADS_UNSENT_SECONDS = env.number("SUPERAPP_UPLOADS_UNSENT_SECONDS", 24 * 3600)
VOICE_SECONDS_MAX = 60
IMAGE_PIXELS_MAX = env.number("SUPERAPP_IMAGE_PIXELS_MAX", 50_000_000)
IMAGE_SIDE_MAX = 2560
THUMB_SIDE_MAX = 480
# Up to so many bytes a PNG of pixels alone is kept as it is; above, a photograph is smaller as JPEG.
IMAGE_KEPT_MAX = env.number("SUPERAPP_IMAGE_KEPT_MAX", 64 * 1024)
FILE_NAME_MAX = 200
# A dotted path to a callable(path) -> bool that says whether a file is clean; empty: no scanner.
VIRUS_SCANNER = env.text("SUPERAPP_VIRUS_SCANNER")

# Link previews (MSG-12).
UNFURL_SECONDS = 3
# Ports that outgoing requests may use, and hosts that may be private (for tests and intranets).
FETCH_PORTS = [80, 443]
FETCH_TRUSTED_HOSTS = env.words("SUPERAPP_FETCH_TRUSTED_HOSTS", [])
# How long a preview of an address is good for.
UNFURL_FRESH_SECONDS = 24 * 3600
UNFURL_BYTES = 1024 * 1024

# Paging.
THREAD_PAGE = 30
INBOX_PAGE = 30
# Beside an open chat, where the list is only a way to the next one.
INBOX_BESIDE = 15
SEARCH_PAGE = 30
# Drawn rows that a process keeps, about 1 kB each.
ROWS_KEPT = env.number("SUPERAPP_ROWS_KEPT", 20_000)
# The longest that a message may take from its arrival to its commit, in seconds: a page that was
# made meanwhile asks for what was said since then.
COMMIT_WITHIN_SECONDS = 5
UNREAD_CAP = 100

# Realtime (docs/realtime.md).
FRAME_MAX = env.number("SUPERAPP_FRAME_MAX", 32 * 1024)
SOCKETS_PER_ACCOUNT = env.number("SUPERAPP_SOCKETS_PER_ACCOUNT", 20)
SEND_QUEUE_FRAMES = env.number("SUPERAPP_SEND_QUEUE_FRAMES", 1000)
SEND_QUEUE_BYTES = env.number("SUPERAPP_SEND_QUEUE_BYTES", 1024 * 1024)
BATCH_MAX = env.number("SUPERAPP_BATCH_MAX", 500)
# Who may write where, as a process saw it last, about 1 kB each: saves a question per message.
SEATS_REMEMBERED_MAX = env.number("SUPERAPP_SEATS_REMEMBERED_MAX", 20_000)
# Messages per conversation in one sync, conversations per sync; beyond it the page reloads.
SYNC_MAX = 200
SYNC_CONVERSATIONS_MAX = 200
# Seconds between looks whether the sessions behind open sockets still exist.
SOCKET_SESSION_CHECK_SECONDS = env.number("SUPERAPP_SOCKET_SESSION_CHECK", 30)
SOCKET_BAD_FRAMES_MAX = env.number("SUPERAPP_SOCKET_BAD_FRAMES_MAX", 20)
# Messages one account may send in a burst over all doors, and the refill per second.
SEND_BURST = env.number("SUPERAPP_SEND_BURST", 120)
SEND_PER_SECOND = env.number("SUPERAPP_SEND_PER_SECOND", 20)
