"""Official accounts: limits and windows. Times in seconds unless the name says otherwise."""

from superapp.settings import env
from superapp.settings.core import PRODUCTION, PUBLIC_ORIGIN

# Life of an account (OA-02).
OFFICIAL_PER_OWNER_MAX = env.number("SUPERAPP_OFFICIAL_PER_OWNER_MAX", 10)
OFFICIAL_INTRO_MAX = 120
OFFICIAL_RENAMES_PER_YEAR = env.number("SUPERAPP_OFFICIAL_RENAMES_PER_YEAR", 2)
OFFICIAL_VERIFIED_DAYS = env.number("SUPERAPP_OFFICIAL_VERIFIED_DAYS", 365)
LICENCE_UPLOAD_MAX = env.number("SUPERAPP_LICENCE_UPLOAD_MAX", 10 * 1024 * 1024)
LICENCE_SIDE_MAX = 2560

# Staff (OA-24).
STAFF_MAX = env.number("SUPERAPP_STAFF_MAX", 100)
STAFF_INVITATION_SECONDS = env.number("SUPERAPP_STAFF_INVITATION_SECONDS", 24 * 3600)
STAFF_NICKNAME_MAX = 20

# Followers (OA-03, 16).
FOLLOWED_MAX = env.number("SUPERAPP_FOLLOWED_MAX", 2000)
FOLLOWER_TAGS_MAX = env.number("SUPERAPP_FOLLOWER_TAGS_MAX", 100)
FOLLOWER_TAGS_EACH_MAX = env.number("SUPERAPP_FOLLOWER_TAGS_EACH_MAX", 20)
FOLLOWER_TAG_NAME_MAX = 30
FOLLOWER_REMARK_MAX = 30
FOLLOWERS_PAGE = 50

# When an account may write first (OA-13): messages and seconds after somebody wrote to it, and
# after they followed, scanned or pressed its menu.
WINDOW_MESSAGES = env.number("SUPERAPP_WINDOW_MESSAGES", 5)
WINDOW_SECONDS = env.number("SUPERAPP_WINDOW_SECONDS", 48 * 3600)
WINDOW_EVENT_MESSAGES = env.number("SUPERAPP_WINDOW_EVENT_MESSAGES", 3)
WINDOW_EVENT_SECONDS = env.number("SUPERAPP_WINDOW_EVENT_SECONDS", 60)

# Menu (OA-05), in bytes of UTF-8, and auto-replies (OA-06).
MENU_BUTTONS_MAX = 3
MENU_SUB_BUTTONS_MAX = 5
MENU_NAME_MAX = 16
MENU_SUB_NAME_MAX = 60
MENU_KEY_MAX = 128
MENU_URL_MAX = 1024
MENU_TEXT_MAX = 600
AUTO_REPLIES_MAX = env.number("SUPERAPP_AUTO_REPLIES_MAX", 200)
AUTO_REPLY_KEYWORDS_MAX = 10
AUTO_REPLY_KEYWORD_MAX = 30
AUTO_REPLY_ANSWERS_MAX = 5
AUTO_REPLY_TEXT_MAX = 600

# QR codes (OA-17).
SCENE_SECONDS = env.number("SUPERAPP_SCENE_SECONDS", 60)
SCENE_SECONDS_MAX = env.number("SUPERAPP_SCENE_SECONDS_MAX", 30 * 24 * 3600)
SCENES_PERMANENT_MAX = env.number("SUPERAPP_SCENES_PERMANENT_MAX", 100_000)

# Directory (OA-26): how alike what is typed must be to a name, from 0 to 1.
DIRECTORY_PAGE = 30
DIRECTORY_LIKENESS = env.seconds("SUPERAPP_DIRECTORY_LIKENESS", 0.35)

# Programs (docs/wechat.md): seconds a token or ticket lives, and the one before a new one lives on.
PROGRAM_TOKEN_SECONDS = env.number("SUPERAPP_PROGRAM_TOKEN_SECONDS", 7200)
PROGRAM_TOKEN_OVERLAP_SECONDS = env.number("SUPERAPP_PROGRAM_TOKEN_OVERLAP_SECONDS", 300)
PROGRAM_TOKENS_PER_DAY = env.number("SUPERAPP_PROGRAM_TOKENS_PER_DAY", 2000)
PROGRAM_FORCED_PER_DAY = env.number("SUPERAPP_PROGRAM_FORCED_PER_DAY", 20)
# Tries with a wrong secret per address and hour.
PROGRAM_TRIES_PER_HOUR = env.number("SUPERAPP_PROGRAM_TRIES_PER_HOUR", 1000)
WECHAT_BODY_MAX = env.number("SUPERAPP_WECHAT_BODY_MAX", 1024 * 1024)
# Addresses from which our requests reach the servers of programs.
WECHAT_CALLBACK_ADDRESSES = env.text("SUPERAPP_WECHAT_CALLBACK_ADDRESSES", "127.0.0.1").split(",")
# Openids on one page, and in one request.
WECHAT_OPENIDS_PAGE = 10_000
WECHAT_OPENIDS_TAGGED = 50
WECHAT_USERS_ASKED = 100
# Files of programs (docs/wechat.md): bytes, and how long they are kept.
PROGRAM_MEDIA_SECONDS = env.number("SUPERAPP_PROGRAM_MEDIA_SECONDS", 3 * 24 * 3600)
PROGRAM_MEDIA_IMAGE_MAX = env.number("SUPERAPP_PROGRAM_MEDIA_IMAGE_MAX", 10 * 1024 * 1024)
PROGRAM_MEDIA_VOICE_MAX = env.number("SUPERAPP_PROGRAM_MEDIA_VOICE_MAX", 2 * 1024 * 1024)
PROGRAM_MEDIA_VOICE_SECONDS_MAX = env.number("SUPERAPP_PROGRAM_MEDIA_VOICE_SECONDS_MAX", 60)
PROGRAM_MEDIA_VIDEO_MAX = env.number("SUPERAPP_PROGRAM_MEDIA_VIDEO_MAX", 10 * 1024 * 1024)
PROGRAM_MEDIA_THUMB_MAX = env.number("SUPERAPP_PROGRAM_MEDIA_THUMB_MAX", 64 * 1024)
PROGRAM_MEDIA_ARTICLE_IMAGE_MAX = env.number(
    "SUPERAPP_PROGRAM_MEDIA_ARTICLE_IMAGE_MAX", 1024 * 1024
)
# All files of one account together.
PROGRAM_MEDIA_QUOTA = env.number("SUPERAPP_PROGRAM_MEDIA_QUOTA", 2 * 1024 * 1024 * 1024)
# Templates: how many an account has and sends; names and characters of a value in one of them.
PROGRAM_TEMPLATES_MAX = env.number("SUPERAPP_PROGRAM_TEMPLATES_MAX", 25)
PROGRAM_TEMPLATES_PER_DAY = env.number("SUPERAPP_PROGRAM_TEMPLATES_PER_DAY", 100_000)
PROGRAM_TEMPLATE_FIELDS_MAX = 30
PROGRAM_TEMPLATE_VALUE_MAX = env.number("SUPERAPP_PROGRAM_TEMPLATE_VALUE_MAX", 500)
# Signing in on an account's own site: seconds that its codes and refresh tokens live.
PROGRAM_CODE_SECONDS = env.number("SUPERAPP_PROGRAM_CODE_SECONDS", 300)
PROGRAM_REFRESH_SECONDS = env.number("SUPERAPP_PROGRAM_REFRESH_SECONDS", 30 * 24 * 3600)
PROGRAM_OAUTH_DOMAINS_MAX = 5


# Pictures of an account's library, for covers, articles and pages; its most, and the longer side.
PICTURE_UPLOAD_MAX = env.number("SUPERAPP_PICTURE_UPLOAD_MAX", 10 * 1024 * 1024)
PICTURE_SIDE_MAX = 1600
PICTURES_MAX = env.number("SUPERAPP_PICTURES_MAX", 5000)

# Articles and pages (OA-11, MIN-01): characters, and blocks of one.
ARTICLE_TITLE_MAX = 64
ARTICLE_SUMMARY_MAX = 120
ARTICLE_AUTHOR_MAX = 20
ARTICLE_BLOCKS_MAX = 100
BLOCK_TEXT_MAX = 5000
BLOCK_LINE_MAX = 100
ARTICLES_PAGE = 20
ARTICLES_MAX = env.number("SUPERAPP_ARTICLES_MAX", 10_000)
PAGES_MAX = env.number("SUPERAPP_PAGES_MAX", 100)
# Tabs of an account's page that lead to pages of its own.
PAGE_TABS_MAX = 4
COMMENT_MAX = 600
COMMENTS_SHOWN = env.number("SUPERAPP_COMMENTS_SHOWN", 100)
# Comments that one person may leave under one article.
COMMENTS_EACH_MAX = env.number("SUPERAPP_COMMENTS_EACH_MAX", 10)
# Previews that one account may send to phones in 24 hours.
PREVIEWS_PER_DAY = env.number("SUPERAPP_PREVIEWS_PER_DAY", 100)

# Broadcasts (OA-08, OA-09): what one follower gets in a day of a subscription account and in a
# month of a service account, both in the account's time zone.
BROADCASTS_PER_DAY = env.number("SUPERAPP_BROADCASTS_PER_DAY", 1)
BROADCASTS_PER_MONTH = env.number("SUPERAPP_BROADCASTS_PER_MONTH", 4)
BROADCAST_TEXT_MAX = 600
BROADCAST_ARTICLES_MAX = 8
# How long a second person may say yes, and how far ahead one may be planned.
BROADCAST_REVIEW_SECONDS = env.number("SUPERAPP_BROADCAST_REVIEW_SECONDS", 30 * 60)
BROADCAST_AHEAD_SECONDS = env.number("SUPERAPP_BROADCAST_AHEAD_SECONDS", 30 * 24 * 3600)
# From how many followers on a second person must agree.
BROADCAST_SECOND_FROM = env.number("SUPERAPP_BROADCAST_SECOND_FROM", 1)
# Browsers of so many followers are told at once.
BROADCAST_TOLD_AT_ONCE = env.number("SUPERAPP_BROADCAST_TOLD_AT_ONCE", 5000)

# Figures (OA-21): rows of one thing on one day, so that readers do not wait for one another; days
# on a chart and in a table; days after which nobody is told from others any more.
FIGURE_SHARDS = env.number("SUPERAPP_FIGURE_SHARDS", 8)
FIGURES_CHART_DAYS = 14
FIGURES_DAYS = 30
SEEN_DAYS = env.number("SUPERAPP_SEEN_DAYS", 2)
# What programs are told (server mode). Seconds one try may take, tries in all, and bytes of an
# answer that are read.
PUSH_SECONDS = env.seconds("SUPERAPP_PUSH_SECONDS", 5.0)
PUSH_TRIES = env.number("SUPERAPP_PUSH_TRIES", 3)
WECHAT_REPLY_MAX = env.number("SUPERAPP_WECHAT_REPLY_MAX", 64 * 1024)
# A push that nobody could begin for so long is not sent any more.
PUSH_LATE_SECONDS = env.number("SUPERAPP_PUSH_LATE_SECONDS", 60)
# Pushes of one account on their way at once in a process; of one whose program failed last; of all.
PUSH_LANE = env.number("SUPERAPP_PUSH_LANE", 64)
PUSH_LANE_AILING = env.number("SUPERAPP_PUSH_LANE_AILING", 4)
PUSH_AT_ONCE = env.number("SUPERAPP_PUSH_AT_ONCE", 600)
# Threads that put programs' answers into chats.
PUSH_ANSWER_THREADS = env.number("SUPERAPP_PUSH_ANSWER_THREADS", 4)
# The log of pushes: days kept, and rows of one account.
PUSH_LOG_DAYS = env.number("SUPERAPP_PUSH_LOG_DAYS", 3)
PUSH_LOG_ROWS = env.number("SUPERAPP_PUSH_LOG_ROWS", 10_000)
PUSH_LOG_PAGE = 50
# A person is told at most this often that an account cannot answer.
PUSH_APOLOGY_SECONDS = env.number("SUPERAPP_PUSH_APOLOGY_SECONDS", 60)
# Where programs fetch followers' files.
PUSH_ORIGIN = PUBLIC_ORIGIN or f"http://127.0.0.1:{env.text('PORT', '8000')}"
CALLBACK_URL_MAX = 1024
# Programs may listen on this machine, on any port: for trying things out.
CALLBACK_LOOPBACK = env.flag("SUPERAPP_CALLBACK_LOOPBACK", default=not PRODUCTION)
# Articles of one answer, and bytes of a text that a program sends.
PROGRAM_ARTICLES_MAX = 8
PROGRAM_TEXT_MAX = 2048
