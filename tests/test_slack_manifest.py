"""The manifest that is checked in is the one the code makes, and one that Slack takes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

import bot.slack.manifest as module
from bot.slack.manifest import BOT_EVENTS, BOT_SCOPES, main, manifest, manifest_yaml
from tests.conftest import shared_data
from tests.slack_server.limits import SUGGESTED_PROMPTS
from tests.slack_server.world import BOT_EVENTS as SERVED_EVENTS
from tests.slack_server.world import BOT_SCOPES as SERVED_SCOPES

BOTH = pytest.mark.parametrize("http", [None, "https://bot.example"])


def test_the_file_is_what_the_code_makes() -> None:
    assert Path(module.__file__).with_name("manifest.yaml").read_text("utf-8") == manifest_yaml()


@BOTH
def test_slack_s_published_schema_takes_it(http: str | None) -> None:
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
    path = shared_data("slack") / "manifest.schema.2.0.0.json"
    schema = json.loads(path.read_text("utf-8"))
    jsonschema.Draft7Validator(schema).validate(manifest(http=http))


@BOTH
def test_it_is_for_agents_alone(http: str | None) -> None:
    features: Any = manifest(http=http)["features"]
    assert "assistant_view" not in features
    assert len(features["agent_view"]["agent_description"]) <= 300
    assert len(features["agent_view"]["suggested_prompts"]) <= SUGGESTED_PROMPTS
    assert features["app_home"]["messages_tab_read_only_enabled"] is False


def test_scopes_and_events_are_those_that_the_local_slack_gives() -> None:
    assert set(BOT_SCOPES) == set(SERVED_SCOPES)
    assert set(BOT_EVENTS) == set(SERVED_EVENTS)


def test_socket_mode_needs_no_address_and_http_gives_each_one() -> None:
    sockets: Any = manifest()
    assert sockets["settings"]["socket_mode_enabled"] is True
    assert "https" not in json.dumps(sockets)
    served: Any = manifest(http="https://bot.example")
    assert served["settings"]["socket_mode_enabled"] is False
    assert json.dumps(served).count("https://bot.example/slack/") == 4


def test_it_is_printed_as_yaml(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--name", "Desk", "--http", "https://bot.example/"])
    printed = yaml.safe_load(capsys.readouterr().out)
    assert printed == manifest("Desk", http="https://bot.example")
