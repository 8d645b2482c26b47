"""Slack's limits, each under one name.

Lengths are in characters unless a name says otherwise. Source: Slack's reference pages for
Block Kit, views and the chat methods (docs.slack.dev/reference); `BLOCKS_JSON` was measured by
users (slackapi/bolt-js issues 2509 and 2867) and is not documented.
"""

from __future__ import annotations

from typing import Final

# Surfaces
MESSAGE_BLOCKS: Final = 50
VIEW_BLOCKS: Final = 100
STREAM_STOP_BLOCKS: Final = 50
BLOCKS_JSON: Final = 13_200
"""Compact JSON of a message's `blocks`. Markdown alone was accepted up to 13,297 characters and
rich text of 11,341 visible characters was refused, so the containers count as well."""
MARKDOWN_TOTAL: Final = 12_000
MARKDOWN_TEXT_ARGUMENT: Final = 12_000
POST_TEXT: Final = 40_000
UPDATE_TEXT: Final = 4_000
METADATA_JSON: Final = 16_000
TABLES_PER_MESSAGE: Final = 1

# Text and identifiers
TEXT: Final = 3_000
IDENTIFIER: Final = 255
URL: Final = 3_000
ALT_TEXT: Final = 2_000

# Blocks
SECTION_TEXT: Final = 3_000
SECTION_FIELDS: Final = 10
SECTION_FIELD: Final = 2_000
HEADER_TEXT: Final = 150
CONTEXT_ELEMENTS: Final = 10
ACTIONS_ELEMENTS: Final = 25
CONTEXT_ACTIONS_ELEMENTS: Final = 5
IMAGE_TITLE: Final = 2_000
INPUT_LABEL: Final = 2_000
INPUT_HINT: Final = 2_000
TABLE_ROWS: Final = 100
TABLE_COLUMNS: Final = 20
CARD_TITLE: Final = 150
CARD_BODY: Final = 200
CARD_ACTIONS: Final = 3
CAROUSEL_CARDS: Final = 10
CONTAINER_TITLE: Final = 150
CONTAINER_BLOCKS: Final = 10
ALERT_TEXT: Final = 200
PLAN_TASKS: Final = 50
LIST_INDENT: Final = 8

# Elements
BUTTON_TEXT: Final = 75
BUTTON_VALUE: Final = 2_000
ACCESSIBILITY_LABEL: Final = 75
ICON_BUTTON_USERS: Final = 10
PLACEHOLDER: Final = 150
OPTION_TEXT: Final = 75
OPTION_VALUE: Final = 150
OPTION_DESCRIPTION: Final = 75
SELECT_OPTIONS: Final = 100
OVERFLOW_OPTIONS: Final = 5
CHOICE_OPTIONS: Final = 10
PLAIN_TEXT_INPUT: Final = 3_000
CONFIRM_TITLE: Final = 100
CONFIRM_TEXT: Final = 300
CONFIRM_BUTTON: Final = 30

# Views
VIEW_TITLE: Final = 24
VIEW_BUTTON: Final = 24
PRIVATE_METADATA: Final = 3_000
VIEW_BYTES: Final = 250 * 1024
VIEW_STACK: Final = 3

# Agents
SUGGESTED_PROMPTS: Final = 4
LOADING_MESSAGES: Final = 10

# Clocks, in seconds
STREAM_SECONDS: Final = 300.0
STATUS_SECONDS: Final = 120.0
TRIGGER_SECONDS: Final = 3.0
RESPONSE_URL_SECONDS: Final = 1_800.0
RESPONSE_URL_USES: Final = 5
SIGNATURE_SECONDS: Final = 300.0

# Calls a minute of each documented rate tier
TIERS: Final = {1: 1, 2: 20, 3: 50, 4: 100}
