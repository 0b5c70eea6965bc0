"""Every variable of the settings is documented where the people who run this look."""

from ops import environment


def test_the_example_says_what_the_settings_read():
    assert environment.EXAMPLE.read_text() == environment.text(), "run ./dev env"


def test_every_variable_is_there_once_with_its_default_and_its_comment():
    lines = environment.EXAMPLE.read_text().splitlines()
    assert lines.count("# SUPERAPP_RECALL_SECONDS=120") == 1
    assert lines.count("SUPERAPP_SECRET_KEY=") == 1
    assert [line for line in lines if line.startswith("# SUPERAPP_SECRET_KEY")] == []
    assert lines[lines.index("# REDIS_URL=redis://127.0.0.1:6379/0") - 1] != ""
