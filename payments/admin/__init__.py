"""Money in the platform console (/admin/), one file per noun."""

from payments.admin import doubts as doubts
from payments.admin import festival as festival
from payments.admin import gateway as gateway
from payments.admin import holds as holds
from payments.admin import ledger as ledger
from payments.admin import reconciling as reconciling
from payments.admin import risk as risk
from payments.admin import saving as saving
