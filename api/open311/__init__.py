"""Open311 GeoReport v2: defect reports from apps and maps of others, and what became of them."""
