"""Callbacks: every event of a submission reaches its portal, signed, in order, at least once."""
