"""Events pushed to portals: collected from the feed, signed, sent, tried again."""
