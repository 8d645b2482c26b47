"""The texts that chat models are given."""
