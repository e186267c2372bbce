"""FIT-Connect: submissions from the federal delivery service become cases like any other."""
