"""A big city at once: rows for tens of thousands of cases, written by the database itself."""

import psycopg

# Open are a fifth; the rest was closed long ago. Spread over all units, so that one caseworker
# sees a part of them, as in life.
_FILL = """
CREATE TEMP TABLE fill ON COMMIT DROP AS
SELECT gen_random_uuid() AS case_id, gen_random_uuid() AS file_id, n,
       v.tenant_id, v.id AS version_id, v.position_id, s.key AS service,
       CASE WHEN n %% 3 = 0 THEN v.unit_id ELSE (units.ids)[1 + n %% array_length(units.ids, 1)] END
         AS unit_id,
       timestamptz '2026-01-01' + make_interval(mins => n %% 400000) AS at
  FROM generate_series(%(first)d, %(last)d) n
  CROSS JOIN (SELECT array_agg(id ORDER BY id) AS ids FROM kernel_unit) units
  JOIN workflows_service s ON s.key = 'resident-parking'
  JOIN workflows_serviceversion v ON v.id = s.current_id;

INSERT INTO efile_casefile (id, tenant_id, position_id, reference, subject, holder, object_key,
                            cases, opened_at)
SELECT file_id, tenant_id, position_id, 'fill-' || n, 'Bewohnerparkausweis', '', '', 1, at
  FROM fill;

INSERT INTO efile_case (id, tenant_id, case_file_id, number, reference, subject, applicant,
                        lead_unit_id, access_class, received_at, opened_at, retention_years,
                        disposal_code, closed_at, retained_until)
SELECT case_id, tenant_id, file_id, 1, 'fill-' || n || '-01', 'Bewohnerparkausweis, Zone A1',
       'Muster, Person ' || n, unit_id, 'general', at, at, 3, 'V',
       CASE WHEN n %% 5 <> 0 THEN at END, CASE WHEN n %% 5 <> 0 THEN date '2029-12-31' END
  FROM fill;

INSERT INTO workflows_process (case_id, tenant_id, scope, version_id, service_key, source, state,
                               state_since, decision, outcome, due_on, revision, received_at,
                               touched_at, done_at)
SELECT case_id, tenant_id, unit_id || ':general', version_id, service, 'fill',
       CASE WHEN n %% 5 = 0 THEN 'received' ELSE 'closed' END, at, '', '',
       date '2026-01-01' + n %% 400, 0, at, at, CASE WHEN n %% 5 <> 0 THEN at END
  FROM fill;

INSERT INTO kernel_journalchain (id, tenant_id, seq, head, proof, sealed_seq)
SELECT case_id, tenant_id, 5, sha256(n::text::bytea), sha256('p'), 5 FROM fill;

INSERT INTO kernel_journalentry (tenant_id, chain_id, seq, kind, actor, at, previous,
                                 values_digest, mac)
SELECT tenant_id, case_id, seq, 'case.opened', 'fill', at, sha256('a'), sha256('b'), sha256('c')
  FROM fill CROSS JOIN generate_series(1, 5) seq;

INSERT INTO efile_document (id, tenant_id, case_id, kind, title, proof, direction, is_final,
                            is_public, filed_at)
SELECT gen_random_uuid(), tenant_id, case_id, 'proof', 'Nachweis', '', 'in', true, false, at
  FROM fill WHERE n %% 5 = 0;

INSERT INTO workflows_deadline (id, tenant_id, case_id, key, kind, rule, event, event_on,
                                ends_on, derivation, turns, is_paused, calendar, is_running,
                                set_at, set_by, over_because)
SELECT gen_random_uuid(), tenant_id, case_id, 'processing', 'processing', 'fill', 'received',
       at::date, at::date + 30, '[]', '[]', false, '', true, at, 'fill', ''
  FROM fill;
"""
CHUNK = 10_000


def fill(url: str, first: int, last: int) -> None:
    """Add the cases number ``first`` to ``last``, as the owner, and let the planner know."""
    with psycopg.connect(url, autocommit=True) as connection:
        for start in range(first, last + 1, CHUNK):
            statements = _FILL % {
                "first": start,
                "last": min(start + CHUNK - 1, last),
            }
            with connection.transaction():
                connection.execute(statements)
        connection.execute("VACUUM ANALYZE")
