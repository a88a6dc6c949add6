-- A store as version 1 of the schema left it, with one finished run.
CREATE TABLE weir_schema (version BIGINT PRIMARY KEY);
INSERT INTO weir_schema VALUES (1);
CREATE TABLE weir_run (run_id TEXT PRIMARY KEY, suite TEXT NOT NULL, environment TEXT NOT NULL, commit_id TEXT NOT NULL, base_url TEXT NOT NULL, started_at TEXT NOT NULL, attempt BIGINT NOT NULL, beat_at TEXT NOT NULL, finished BIGINT NOT NULL, duration_ns BIGINT NOT NULL, verdict TEXT NOT NULL);
CREATE INDEX weir_run_by_suite ON weir_run (suite, environment, started_at);
CREATE TABLE weir_reason (run_id TEXT NOT NULL REFERENCES weir_run (run_id), place BIGINT NOT NULL, words TEXT NOT NULL, PRIMARY KEY (run_id, place));
CREATE TABLE weir_finding (run_id TEXT NOT NULL REFERENCES weir_run (run_id), place BIGINT NOT NULL, condition_text TEXT NOT NULL, state BIGINT NOT NULL, unit BIGINT NOT NULL, decided BIGINT NOT NULL, weak BIGINT NOT NULL, value DOUBLE PRECISION NOT NULL, limit_value DOUBLE PRECISION NOT NULL, samples BIGINT NOT NULL, low DOUBLE PRECISION NOT NULL, high DOUBLE PRECISION NOT NULL, words TEXT NOT NULL, PRIMARY KEY (run_id, place));
CREATE TABLE weir_signal (run_id TEXT NOT NULL REFERENCES weir_run (run_id), place BIGINT NOT NULL, name TEXT NOT NULL, hard BIGINT NOT NULL, against_service BIGINT NOT NULL, about_generator BIGINT NOT NULL, words TEXT NOT NULL, who TEXT NOT NULL, PRIMARY KEY (run_id, place));
CREATE TABLE weir_request (run_id TEXT NOT NULL REFERENCES weir_run (run_id), place BIGINT NOT NULL, journey TEXT NOT NULL, request TEXT NOT NULL, answered BIGINT NOT NULL, failed BIGINT NOT NULL, mean_ms DOUBLE PRECISION NOT NULL, median_ms DOUBLE PRECISION NOT NULL, p95_ms DOUBLE PRECISION NOT NULL, p99_ms DOUBLE PRECISION NOT NULL, histogram TEXT NOT NULL, PRIMARY KEY (run_id, place));
INSERT INTO weir_run VALUES ('old', 'sample', 'preprod', 'c0ffee', 'http://service.test', '2026-11-01T10:00:00.000000000Z', 1, '2026-11-01T10:00:30.000000000Z', 1, 30000000000, 'pass');
