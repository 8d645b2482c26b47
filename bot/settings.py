"""Settings: the only reader of the environment.

Every field can be set as ``FOOTNOTE_<NAME>`` in the environment or in ``.env``
(the environment wins; an empty value counts as none). An unknown ``FOOTNOTE_``
key in ``.env`` is refused. ``python -m bot.settings`` prints ``.env.example``.
"""

from __future__ import annotations

import difflib
import sys
import textwrap
from pathlib import Path

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, DotEnvSettingsSource, SettingsConfigDict

from bot.errors import BadSetting

PREFIX = "FOOTNOTE_"


class Settings(BaseSettings):
    """What can be set. Descriptions appear in ``.env.example`` and in the docs."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        frozen=True,
        extra="ignore",
    )

    data_dir: Path = Field(
        Path(".footnote"), description="Folder that holds the index; --data overrides it."
    )
    embedder: str = Field(
        "local",
        description="Embedder: local (shipped, no account), openai:MODEL, ollama:MODEL or another"
        " provider of LangChain's init_embeddings.",
    )
    max_file_mb: float = Field(
        20, gt=0, le=2048, description="Largest file, page or JSONL line that is read, in MiB."
    )
    fetch_timeout_seconds: float = Field(
        30, gt=0, le=600, description="Whole time that fetching one address may take."
    )
    allow_private_addresses: bool = Field(
        False,
        description="Whether addresses in private networks may be fetched (an intranet).",
    )
    decline_below: float = Field(
        0.55,
        ge=0,
        le=1,
        description="Decline when the estimated probability that the evidence answers is lower.",
    )


def env_example() -> str:
    """Return the text of ``.env.example``: every setting with what it means, at its default."""
    lines = ["# Copy this file to .env and take the # off what you want to change."]
    for name, field in Settings.model_fields.items():
        lines.append("")
        lines += textwrap.wrap(
            field.description or "", 96, initial_indent="# ", subsequent_indent="# "
        )
        lines.append(f"# {PREFIX}{name.upper()}={_as_written(field.default)}")
    return "\n".join(lines) + "\n"


def _as_written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def load_settings(env_file: Path | None = Path(".env")) -> Settings:
    """Return the settings of the environment and of ``env_file``, if there is such a file.

    Raises `BadSetting` with one line for the first value or key that is wrong.
    """
    if env_file is not None:
        _refuse_unknown(env_file)
    try:
        return Settings(_env_file=env_file)  # type: ignore[call-arg]
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = PREFIX + "_".join(str(part) for part in first["loc"]).upper()
        raise BadSetting(
            f"{name}: {first['msg'].lower()}", remedy="Correct it in the environment or in .env."
        ) from None


def _refuse_unknown(env_file: Path) -> None:
    """Raise `BadSetting` for a ``FOOTNOTE_`` key in the file that is no setting."""
    if not env_file.is_file():
        return
    try:
        values = DotEnvSettingsSource(Settings, env_file=env_file).env_vars
    except (OSError, UnicodeDecodeError) as error:
        raise BadSetting(f"{env_file} cannot be read ({error})") from error
    known = [(PREFIX + name).lower() for name in Settings.model_fields]
    for key in values:
        if key.lower().startswith(PREFIX.lower()) and key.lower() not in known:
            near = difflib.get_close_matches(key.lower(), known, n=1, cutoff=0.0)
            raise BadSetting(
                f"{env_file}: {key.upper()} is not a setting",
                remedy=f"Did you mean {near[0].upper()}?",
            )


if __name__ == "__main__":
    sys.stdout.write(env_example())
