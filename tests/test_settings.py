"""Settings: values, unknown keys, precedence, and the example file."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bot.errors import BadSetting
from bot.settings import PREFIX, Settings, env_example, load_settings
from tests.conftest import ROOT


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import os

    for key in [key for key in os.environ if key.upper().startswith(PREFIX)]:
        monkeypatch.delenv(key)
    monkeypatch.chdir(tmp_path)


def env(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / ".env"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_without_anything_set_the_defaults_hold() -> None:
    settings = load_settings()
    assert settings == Settings(_env_file=None)  # type: ignore[call-arg]
    assert (settings.data_dir, settings.embedder) == (Path(".footnote"), "local")
    assert not settings.allow_private_addresses


def test_the_file_is_read_and_the_environment_wins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    env(
        tmp_path, "FOOTNOTE_EMBEDDER=hash\nFOOTNOTE_DATA_DIR='with space'\nfootnote_max_file_mb=3\n"
    )
    monkeypatch.setenv("FOOTNOTE_EMBEDDER", "openai:small")
    settings = load_settings()
    assert settings.embedder == "openai:small"
    assert settings.data_dir == Path("with space")
    assert settings.max_file_mb == 3


def test_an_empty_value_counts_as_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    env(tmp_path, "FOOTNOTE_EMBEDDER=\n")
    monkeypatch.setenv("FOOTNOTE_DATA_DIR", "")
    assert load_settings() == Settings(_env_file=None)  # type: ignore[call-arg]


@pytest.mark.parametrize(
    ("key", "near"),
    [
        ("FOOTNOTE_DATADIR", "FOOTNOTE_DATA_DIR"),
        ("FOOTNOTE_EMBEDER", "FOOTNOTE_EMBEDDER"),
        ("footnote_decline", "FOOTNOTE_DECLINE_BELOW"),
        ("FOOTNOTE_MAX_FILE_MIB", "FOOTNOTE_MAX_FILE_MB"),
    ],
)
def test_an_unknown_key_is_refused_with_the_nearest_name(
    tmp_path: Path, key: str, near: str
) -> None:
    with pytest.raises(BadSetting, match=f"{key.upper()} is not a setting") as caught:
        load_settings(env(tmp_path, f"{key}=1\n"))
    assert caught.value.remedy == f"Did you mean {near}?"


def test_keys_of_others_are_left_alone(tmp_path: Path) -> None:
    load_settings(env(tmp_path, "SOMETHING_ELSE=1\nPATH=/bin\n# FOOTNOTE_NONSENSE=1\n"))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("DECLINE_BELOW", "often"),
        ("DECLINE_BELOW", "1.5"),
        ("DECLINE_BELOW", "-0.1"),
        ("DECLINE_BELOW", "nan"),
        ("MAX_FILE_MB", "0"),
        ("MAX_FILE_MB", "inf"),
        ("MAX_FILE_MB", "nan"),
        ("MAX_FILE_MB", "4096"),
        ("FETCH_TIMEOUT_SECONDS", "-1"),
        ("FETCH_TIMEOUT_SECONDS", "nan"),
        ("FETCH_TIMEOUT_SECONDS", "a while"),
        ("ALLOW_PRIVATE_ADDRESSES", "perhaps"),
    ],
)
def test_a_bad_value_is_one_line_that_names_the_key_but_not_the_value(
    monkeypatch: pytest.MonkeyPatch, key: str, value: str
) -> None:
    monkeypatch.setenv(PREFIX + key, value)
    with pytest.raises(BadSetting, match=f"^{PREFIX}{key}: ") as caught:
        load_settings()
    assert "\n" not in str(caught.value)
    assert caught.value.remedy == "Correct it in the environment or in .env."


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="cannot be read"):
        load_settings(env(tmp_path, b"FOOTNOTE_EMBEDDER=\xff\xfe\n"))


def test_no_file_and_a_folder_in_its_place_are_no_settings(tmp_path: Path) -> None:
    assert load_settings(None) == load_settings(tmp_path / "absent")
    assert load_settings(tmp_path) == load_settings(None)


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load_settings().embedder = "hash"  # type: ignore[misc]


def test_every_setting_says_what_it_means() -> None:
    for field in Settings.model_fields.values():
        assert field.description
        assert field.description.endswith((".", ")"))


def test_the_example_file_is_what_the_settings_print() -> None:
    printed = subprocess.run(
        [sys.executable, "-m", "bot.settings"], cwd=ROOT, capture_output=True, check=True
    )
    assert printed.stdout.decode() == env_example()
    assert (ROOT / ".env.example").read_text("utf-8") == env_example()


def test_the_example_file_holds_every_setting_at_its_default(tmp_path: Path) -> None:
    lines = env_example().splitlines()
    values = [line[2:] for line in lines if line.startswith(f"# {PREFIX}")]
    assert len(values) == len(Settings.model_fields)
    assert load_settings(env(tmp_path, "\n".join(values))) == load_settings(None)
    assert load_settings(env(tmp_path, env_example())) == load_settings(None)
