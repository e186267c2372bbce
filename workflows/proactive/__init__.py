"""Offers unasked: made when an occasion comes, answered with one call, lapsing unanswered."""
