"""The room of Slack: what is shown there, and how it is delivered.

What an answer looks like is made by pure functions of records; they need
neither Bolt nor a network, and every limit of Slack is met where blocks are made.
"""
