"""The page that tells what was measured."""

from typing import Any

TARGETS = {"upload": None, "intake": 20, "status": 2, "work list": 6, "case page": 12}


def page(measured: dict[str, Any]) -> str:
    """docs/benchmarks.md for the figures of one run."""
    lines = [
        "# Benchmarks",
        "",
        "Written by `make bench`: one machine, one run, PostgreSQL embedded with fsync, two web",
        f"workers of four threads, {measured['machine']['cores']} cores shared by server, database",
        "and load. Rates on such machines are noisy; the ratios are measured side by side.",
        "",
        "## Intake",
        "",
        "One POST with one party, twelve form fields and a 100 kB PDF that was uploaded before.",
        "The floor is a bare DRF view that does the same inserts without logic or rights.",
        "",
        "| Clients | Floor /s | Intake /s, worker paused | of floor | Intake /s, worker running "
        "| of floor | p50 / p95 / p99 ms | Upload + intake /s | Errors |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for clients, rates in measured["intake"].items():
        paused, running = rates["intake, worker paused"], rates["intake, worker running"]
        errors = sum(part["errors"] for part in rates.values() if isinstance(part, dict))
        lines.append(
            f"| {clients} | {rates['floor']['rate']:.0f} | {paused['rate']:.0f} "
            f"| {rates['ratio to floor, worker paused']:.2f} | {running['rate']:.0f} "
            f"| {rates['ratio to floor, worker running']:.2f} "
            f"| {paused['p50']:.0f} / {paused['p95']:.0f} / {paused['p99']:.0f} "
            f"| {rates['upload and intake per second']:.0f} | {errors} |"
        )
    lines += ["", "## Statements", "", "BEGIN and COMMIT counted; pages beyond session, user and"]
    lines += ["memberships.", "", "| Request | Statements | At most |", "|---|---|---|"]
    for name, count in measured["statements"].items():
        target = TARGETS.get(name)
        lines.append(f"| {name} | {count} | {target if target is not None else '–'} |")
    lines += ["", "## Pages", "", "Two cities in turn, a fifth of their cases open.", ""]
    lines += ["| Page | Median ms |", "|---|---|"]
    pages = measured["pages"]
    for name, figures in pages.items():
        if isinstance(figures, dict):
            lines.append(f"| {name} | {figures['p50']:.1f} |")
    for name, figure in pages.items():
        if not isinstance(figure, dict):
            lines.append(f"| {name} large to small | {figure:.2f} |")
    lines += _letters(measured["letters"])
    lines += ["", "## Memory", "", "Resident memory of each web worker, MB.", ""]
    for moment, workers in measured["memory_mb"].items():
        lines.append(f"- {moment}: {', '.join(f'{mb:.0f}' for mb in workers)}")
    return "\n".join(lines) + "\n"


def _letters(figures: dict[str, float]) -> list[str]:
    return [
        "",
        "## Letters",
        "",
        f"A decision of {figures['pages']} pages with a fee, payment code and clauses, tagged",
        f"(PDF/UA-1, PDF/A-2a), {figures['kilobytes']:.0f} kB; {figures['letters']:,} in a row in"
        " one thread.",
        "",
        f"- processor time: {figures['cpu ms each']:.0f} ms each",
        f"- rate: {figures['per second and core']:.0f} letters/s and core",
        f"- resident memory: {figures['memory before, MB']:.0f} MB before,"
        f" {figures['memory after, MB']:.0f} MB after",
    ]
