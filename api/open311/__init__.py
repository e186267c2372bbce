"""Open311 GeoReport v2: reports of defects, for any app that speaks it."""
