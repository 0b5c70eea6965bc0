"""Campaigns of red packets."""

# Of one campaign.
CAMPAIGN_NAME_MAX = 60
CAMPAIGN_GREETINGS_MAX = 12
CAMPAIGN_WORDS_MAX = 20
CAMPAIGN_WORD_LENGTH_MAX = 30
# Days one campaign may last.
CAMPAIGN_DAYS_MAX = 92
# Seconds a browser may keep what is festive now.
FESTIVAL_KEPT_SECONDS = 60
