"""Settings, read from the environment. Defaults run right after `git clone`.

Every number of the product is here or in one of the parts below, with its default and unit.
"""

from superapp.settings.chat import *
from superapp.settings.core import *
from superapp.settings.festival import *
from superapp.settings.ledger import *
from superapp.settings.official import *
from superapp.settings.ops import *
from superapp.settings.pages import *
from superapp.settings.payments import *
from superapp.settings.people import *
from superapp.settings.saving import *
from superapp.settings.transfers import *
