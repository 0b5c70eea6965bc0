from collections.abc import Iterator
from contextlib import contextmanager

from django.forms import BaseForm

from superapp.kernel.errors import Refusal


@contextmanager
def refusals_on(form: BaseForm, field: str | None = None) -> Iterator[None]:
    """Show a refusal on the form (or on one field) instead of losing what the person typed.

    The block ends at the refusal, so a `return redirect(…)` inside it happens only on success.
    """
    try:
        yield
    except Refusal as refusal:
        form.add_error(field, str(refusal))
