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
    lines += ["", "| First load | HTML, KB | Everything, KB |", "|---|---|---|"]
    for name, load in measured["first_load"].items():
        lines.append(f"| {name} | {load['html']:.1f} | {load['everything']:.0f} |")
    lines += _letters(measured["letters"], measured["letters_by_the_worker"])
    lines += _catalogue(measured["catalogue"])
    lines += _deadlines(measured["deadlines"])
    lines += _large_file(measured["large_file"])
    pushed = measured["callbacks"]
    lines += ["", "## Callbacks", "", "One worker's round against a receiver on this machine,"]
    lines += ["2,000 submissions with three events each, every call signed.", ""]
    lines += [f"- {name}: {rate:,.0f}" for name, rate in pushed.items()]
    lines += ["", "## Memory", "", "Resident memory of each web worker, MB.", ""]
    for moment, workers in measured["memory_mb"].items():
        lines.append(f"- {moment}: {', '.join(f'{mb:.0f}' for mb in workers)}")
    return "\n".join(lines) + "\n"


def _large_file(measured: dict[str, Any]) -> list[str]:
    """One large upload in pieces, and what the workers needed for it."""
    before, after = (
        ", ".join(f"{mb:.0f}" for mb in measured[f"memory {moment}, MB"])
        for moment in ("before", "after")
    )
    return [
        "",
        "## A large file",
        "",
        f"{measured['megabytes']} MB in pieces (tus), each on the disk before it is acknowledged:",
        f"{measured['MB per second']:.0f} MB/s. Resident memory of each web worker, MB: before"
        f" {before}; at most {measured['memory at most, MB']:.0f}; after {after}.",
    ]


def _catalogue(measured: dict[str, Any]) -> list[str]:
    """Definitions, decisions of the machine, and every service once around."""
    decided = measured["decisions"]
    lines = ["", "## Catalogue", ""]
    lines += [
        f"A decision by checks alone, from the application to its letter on file: "
        f"{decided['p50']:.0f} ms (p95 {decided['p95']:.0f} ms), {decided['per second']:.1f} a "
        f"second in one process, {decided['cases']} in a row.",
        "",
        "| One definition | Median ms |",
        "|---|---|",
    ]
    lines += [f"| {name} | {each:.0f} |" for name, each in measured["definitions"].items()]
    lines += ["", "| Application with all that follows | Median ms |", "|---|---|"]
    lines += [f"| {name} | {each:.0f} |" for name, each in measured["services"].items()]
    return lines


def _deadlines(figures: dict[str, Any]) -> list[str]:
    watched = [f"- a round, {name}: {ms:.1f}" for name, ms in figures.items() if "running" in name]
    return [
        "",
        "## Deadlines",
        "",
        "Targets, answers, remedies and waiting periods, each with its derivation; the job that",
        "warns, tells heads and follows changed days off, in a round in which nothing is due.",
        "",
        f"- reckoned: {figures['reckoned per second']:,.0f} a second and core",
        *watched,
        *(f"- plan: {plan}" for plan in figures["plans"]),
    ]


def _letters(figures: dict[str, float], issued: dict[str, float]) -> list[str]:
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
        "",
        f"One worker, {issued['letters']:,} letters of decisions (a Bescheid and a permit each):",
        "written, filed, indexed, their pages prepared.",
        "",
        f"- rate: {issued['per second']:.1f} letters/s, {issued['cpu ms each']:.0f} ms of the"
        " worker's processor time each",
        f"- resident memory: {issued['memory before, MB']:.0f} MB before,"
        f" {issued['memory after, MB']:.0f} MB after",
    ]
