"""Pages and the API: content security, uploads, DRF."""

from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from superapp.settings import env
from superapp.settings.core import DEBUG, ENVIRONMENT, PRODUCTION

X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
CSRF_FAILURE_VIEW = "superapp.kernel.pages.csrf_failure"

# Nothing inline and nothing from elsewhere. 'self' covers wss: of our own host.
CONTENT_SECURITY_POLICY = {
    "default-src": ["'self'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:", "blob:"],
    "media-src": ["'self'", "blob:"],
    "connect-src": ["'self'"],
    "worker-src": ["'self'"],
    "object-src": ["'none'"],
    "frame-src": ["'none'"],
    "frame-ancestors": ["'none'"],
    "base-uri": ["'none'"],
    "form-action": ["'self'"],
}
# Looser only where somebody else's pages need it: the consoles' Alpine evaluates expressions, and
# both the consoles and the API viewer write style attributes.
_CONSOLE_POLICY = {
    "script-src": ["'self'", "'unsafe-eval'"],
    "style-src": ["'self'", "'unsafe-inline'"],
}
CONTENT_SECURITY_POLICY_UNDER = {
    "/admin/": _CONSOLE_POLICY,
    "/business/": _CONSOLE_POLICY,
    "/api/docs/": {"style-src": ["'self'", "'unsafe-inline'"]},
}
# The look of the consoles (django-unfold); the colours are the accent of static/css/tokens.css.
UNFOLD = {
    "SITE_TITLE": _("Superapp console"),
    "SITE_HEADER": _("Superapp console"),
    "SITE_URL": "/",
    "SITE_ICON": lambda request: static("img/logo.svg"),
    "SITE_FAVICONS": [
        {
            "rel": "icon",
            "type": "image/svg+xml",
            "href": lambda request: static("img/logo.svg"),
        }
    ],
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
    "COLORS": {
        "primary": {
            "50": "oklch(97% .03 162)",
            "100": "oklch(94% .05 162)",
            "200": "oklch(89% .08 162)",
            "300": "oklch(82% .12 162)",
            "400": "oklch(74% .14 162)",
            "500": "oklch(62% .14 160)",
            "600": "oklch(53% .12 160)",
            "700": "oklch(46% .10 160)",
            "800": "oklch(39% .08 160)",
            "900": "oklch(33% .06 160)",
            "950": "oklch(25% .05 160)",
        }
    },
}
_MAY = "accounts.admin.site.may_"


def _item(title: object, icon: str, name: str, what: str) -> dict[str, object]:
    return {
        "title": title,
        "icon": icon,
        "link": reverse_lazy(f"business:{name}"),
        "permission": f"{_MAY}{what}",
    }


# The business console: inside one account, and only what the person's role allows.
UNFOLD_BUSINESS = UNFOLD | {
    "SITE_TITLE": _("Business console"),
    "SITE_HEADER": _("Business console"),
    "SIDEBAR": {
        "show_search": False,
        "show_all_applications": False,
        "navigation": [
            {
                "items": [
                    {
                        "title": _("Home"),
                        "icon": "home",
                        "link": reverse_lazy("business:index"),
                    },
                    {
                        "title": _("Messages"),
                        "icon": "forum",
                        "link": reverse_lazy("service:inbox"),
                        "permission": f"{_MAY}answer",
                    },
                ]
            },
            {
                "title": _("Audience"),
                "separator": True,
                "items": [
                    _item(_("Followers"), "group", "accounts_follow_changelist", "followers"),
                    _item(_("Tags"), "sell", "accounts_followertag_changelist", "followers"),
                    _item(_("Menu"), "menu", "accounts_menu_changelist", "content"),
                    _item(
                        _("Auto-replies"), "smart_toy", "accounts_autoreply_changelist", "content"
                    ),
                    _item(_("QR codes"), "qr_code_2", "accounts_qrscene_changelist", "content"),
                ],
            },
            {
                "title": _("Publishing"),
                "separator": True,
                "items": [
                    _item(_("Broadcasts"), "campaign", "accounts_broadcast_changelist", "content"),
                    _item(_("Articles"), "article", "accounts_article_changelist", "content"),
                    _item(_("Comments"), "comment", "accounts_comment_changelist", "content"),
                    _item(_("Pages"), "web", "accounts_page_changelist", "content"),
                    _item(_("Pictures"), "image", "accounts_picture_changelist", "content"),
                    _item(_("Figures"), "monitoring", "accounts_figure_changelist", "content"),
                ],
            },
            {
                "title": _("Programs"),
                "separator": True,
                "items": [
                    _item(_("Access"), "key", "accounts_program_changelist", "develop"),
                    _item(_("Deliveries"), "outbox", "accounts_push_changelist", "develop"),
                    _item(
                        _("Message templates"),
                        "list_alt",
                        "accounts_template_changelist",
                        "develop",
                    ),
                ],
            },
            {
                "title": _("Settings"),
                "separator": True,
                "items": [
                    _item(
                        _("Profile and papers"),
                        "badge",
                        "accounts_officialaccount_changelist",
                        "profile",
                    ),
                    _item(_("Staff"), "groups", "accounts_staff_changelist", "staff"),
                    _item(
                        _("Invitations"),
                        "person_add",
                        "accounts_staffinvitation_changelist",
                        "staff",
                    ),
                    _item(_("Audit log"), "history", "auditlog_logentry_changelist", "audit"),
                ],
            },
        ],
    },
}
PERMISSIONS_POLICY = (
    "camera=(self), microphone=(self), geolocation=(self), payment=(), usb=(), browsing-topics=()"
)

# The service worker: milliseconds a page may take before the offline page, and what it leaves alone.
OFFLINE_AFTER_MS = env.number("SUPERAPP_OFFLINE_AFTER_MS", 3000)
NEVER_CACHED = ["/wallet/", "/pay/", "/api/", "/admin/", "/business/", "/media/", "/ws/"]
# Long-press entries of the installed app: label, address.
APP_SHORTCUTS = [(_("Chats"), "/chats/"), (_("Contacts"), "/contacts/"), (_("Scan"), "/scan/")]
# /ui/, the page of all components, for everybody (staff always have it).
UI_GALLERY = env.flag("SUPERAPP_UI_GALLERY", default=DEBUG or ENVIRONMENT == "test")

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
SECURE_SSL_REDIRECT = PRODUCTION and env.flag("SUPERAPP_SSL_REDIRECT", default=True)
SECURE_HSTS_SECONDS = env.number("SUPERAPP_HSTS_SECONDS", 31536000 if PRODUCTION else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
DATA_UPLOAD_MAX_MEMORY_SIZE = env.number("SUPERAPP_FORM_MAX", 2 * 1024 * 1024)
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 20

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.authentication.TokenAuthentication",
        "accounts.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "superapp.kernel.api_schema.Schema",
    "EXCEPTION_HANDLER": "superapp.kernel.api.problem",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
# Requests one account may make to the API in a burst, and the refill per second.
API_BURST = env.number("SUPERAPP_API_BURST", 300)
API_PER_SECOND = env.number("SUPERAPP_API_PER_SECOND", 10)
API_PAGE = 50
API_PAGE_MAX = 100
IDEMPOTENCY_HOURS = env.number("SUPERAPP_IDEMPOTENCY_HOURS", 7 * 24)

SPECTACULAR_SETTINGS = {
    "TITLE": "Superapp API",
    "DESCRIPTION": "People, contacts, conversations, messages and media. Errors are RFC 9457 "
    "problem details with a stable `code`.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "ENUM_NAME_OVERRIDES": {
        "ArticleStatusEnum": "accounts.states.ArticleStatus",
        "BroadcastStatusEnum": "accounts.states.BroadcastStatus",
        "BlockKindEnum": [
            (kind, kind) for kind in ("button", "heading", "line", "picture", "quote", "text")
        ],
        "AudienceEnum": "accounts.models.Person.Audience",
        "GenderEnum": "accounts.models.Person.Gender",
        "CardKindEnum": "payments.states.CardKind",
        "OperationStatusEnum": "payments.states.OperationStatus",
        "BillKindEnum": "payments.states.BillKind",
        "BillStatusEnum": "payments.states.BillStatus",
        "KYCStatusEnum": "payments.states.KYCStatus",
        "TransferStatusEnum": "payments.states.TransferStatus",
        "RequestStatusEnum": "payments.states.RequestStatus",
        "ShareStatusEnum": "payments.states.ShareStatus",
        "SplitStatusEnum": "payments.states.SplitStatus",
        "PacketKindEnum": "payments.states.PacketKind",
        "PacketStatusEnum": "payments.states.PacketStatus",
        "DoubtStatusEnum": "payments.states.DoubtStatus",
        "HoldStatusEnum": "payments.states.HoldStatus",
        "PotStatusEnum": "payments.states.PotStatus",
        "StandingStatusEnum": "payments.states.StandingStatus",
        "RunStatusEnum": "payments.states.RunStatus",
    },
}
