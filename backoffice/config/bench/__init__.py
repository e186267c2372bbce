"""The benchmarks: what the city costs, measured side by side with the bare floor in one run."""
