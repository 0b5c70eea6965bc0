"""Python imports this at its start, where PYTHONPATH leads here: see ../wxredirect.py."""

import os
from importlib.util import find_spec

# Tools that the program starts may have no `requests`: there is nothing to move then.
if os.environ.get("WX_BASE_URL") and find_spec("requests"):
    import wxredirect

    wxredirect.install()
