"""The commands, one file for each group of them; `bot.cli` puts them together."""
