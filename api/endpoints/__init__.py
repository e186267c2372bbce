"""The operations of the API: in, one call down, out."""
