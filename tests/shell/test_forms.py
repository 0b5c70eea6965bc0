"""Django draws our fields: label, help and error are tied to the control, and nothing is lost."""

import pytest
from django import forms

from superapp.kernel.errors import Refusal
from superapp.kernel.pages import refusals_on
from superapp.kernel.pages.gallery import SampleForm
from tests.shell.conftest import attributes, text_of


def control(page, tag="input"):
    return next(a for a in attributes(page, tag) if a.get("type") != "hidden")


def test_help_and_error_are_tied_to_the_input():
    form = SampleForm({"name": ""})
    page = form["name"].as_field_group()
    field = control(page)
    assert field["aria-invalid"] == "true"
    assert field["aria-describedby"] == "id_name_helptext id_name_error"
    assert 'id="id_name_helptext"' in page
    assert 'id="id_name_error"' in page
    assert attributes(page, "label")[0]["for"] == field["id"] == "id_name"
    assert text_of(page) == "Name What your friends see. This field is required."


def test_a_field_that_is_right_says_nothing_about_errors():
    page = SampleForm({"name": "Alice"})["name"].as_field_group()
    assert "aria-invalid" not in control(page)
    assert control(page)["aria-describedby"] == "id_name_helptext"
    assert "errorlist" not in page


def test_choices_are_a_fieldset_with_a_legend():
    page = SampleForm({})["seen_by"].as_field_group()
    assert attributes(page, "fieldset")[0]["aria-describedby"] == "id_seen_by_error"
    assert "<legend>Who may see this</legend>" in page
    assert [a["value"] for a in attributes(page, "input")] == ["all", "friends", "none"]


def test_a_yes_or_no_is_a_switch_inside_its_label():
    page = SampleForm({})["quiet"].as_field_group()
    assert attributes(page, "label")[0]["for"] == "id_quiet"
    assert control(page)["class"] == "switch"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("about", "textarea"),
        ("region", "select"),
        ("born_on", "date"),
        ("picture", "clearablefile"),
    ],
)
def test_each_control_has_its_own_look(name, kind):
    page = SampleForm({})[name].as_field_group()
    assert f'class="field field--{kind}"' in page


def test_refusals_stand_above_the_form_where_a_reader_hears_them():
    form = SampleForm({"name": "Alice"})
    form.is_valid()
    with refusals_on(form):
        raise HandleTaken
    page = str(form)
    assert page.index('class="form__errors" role="alert"') < page.index("id_name")
    assert "Somebody has it." in page
    assert 'value="Alice"' in page


def test_a_refusal_may_belong_to_one_field():
    form = SampleForm({"handle": "alice"})
    form.is_valid()
    with refusals_on(form, "handle"):
        raise HandleTaken
    assert form.errors["handle"] == ["Somebody has it."]


def test_only_refusals_are_shown_and_bugs_stay_bugs():
    form = SampleForm({})
    with pytest.raises(ValueError, match="bug"), refusals_on(form):
        raise ValueError("bug")


def test_what_people_typed_is_escaped():
    class Said(forms.Form):
        words = forms.ChoiceField(choices=[("a", "a")], help_text="<b>no</b>")

    page = str(Said({"words": "<img src=x>"}))
    assert "<img" not in page
    assert "<b>" not in page


class HandleTaken(Refusal):
    code = "taken"
    message = "Somebody has it."
