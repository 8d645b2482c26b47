"""The checks of a claim against the sentences it cites, one kind of check in each module.

`bot.verify` runs them all and gives the verdict.
"""
