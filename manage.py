#!/usr/bin/env python
"""Django's command line for Superapp."""

import gc
import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    # Rendering the history of the models makes many objects that stay: looking them through costs a
    # quarter of `migrate`.
    gc.set_threshold(50_000, 20, 50)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "superapp.settings")
    execute_from_command_line(sys.argv)
