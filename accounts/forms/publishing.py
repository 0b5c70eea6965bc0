"""What readers of articles type."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class CommentForm(forms.Form):
    text = forms.CharField(
        label=_("Your comment"),
        max_length=settings.COMMENT_MAX,
        help_text=_("The account decides which comments everybody reads."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
