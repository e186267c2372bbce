"""A client of the portal API: typed, and usable without anything else of this project."""
