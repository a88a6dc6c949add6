"""Past runs of a suite, as the store holds them: for pages and texts that show a history that would take weeks to make."""
import datetime

CONDITION = "95 % of `dashboard` under 300 ms"
ERRORS = "at most 1 % errors"
NOON = datetime.datetime(2026, 11, 3, 12, tzinfo=datetime.timezone.utc)


def text_of(time):
    return time.strftime("%Y-%m-%dT%H:%M:%S.%f000Z")


def quoted(value):
    return str(value) if isinstance(value, (int, float)) else "'" + str(value).replace("'", "''") + "'"


def insert(table, *values):
    return f"INSERT INTO {table} VALUES ({', '.join(map(quoted, values))});\n"


def run_id(number):
    return f"202611{3 + number // 4:02}T{12 + number % 4:02}0000Z-{number:08x}"


def run_sql(number, verdict, commit, p95_ms, *, suite="cases", environment="preprod", reasons=None, signals=(), finished=True,
            base_url="http://cases.preprod.example"):
    """One run; `number` counts from 0 and sets its time: four a day."""
    name = run_id(number)
    started = NOON + datetime.timedelta(days=number // 4, hours=number % 4)
    beat = started + datetime.timedelta(seconds=31)
    sql = (f"INSERT INTO weir_run (run_id, suite, environment, commit_id, base_url, started_at, attempt, beat_at, finished, "
           f"duration_ns, verdict, load_text) VALUES ({', '.join(map(quoted, (name, suite, environment, commit, base_url, text_of(started), 1, text_of(beat), int(finished), 30_000_000_000 if finished else 0, verdict if finished else '', '25/s')))});\n")
    if not finished:
        return sql
    missed = p95_ms > 300
    if reasons is None:
        reasons = [f"{CONDITION}: 95 % were within {p95_ms:.0f} ms, 300 ms is asked"] if verdict == "fail" else ["all 2 conditions hold"]
    for place, words in enumerate(reasons):
        sql += insert("weir_reason", name, place, words)
    sql += insert("weir_finding", name, 0, CONDITION, int(missed), 1, 1, 0, float(p95_ms), 300.0, 712, p95_ms - 6.0, p95_ms + 6.5,
                  f"{p95_ms:.0f} ms of 300 ms")
    sql += insert("weir_finding", name, 1, ERRORS, 0, 0, 1, 0, 0.002 + 0.0003 * (number % 3), 0.01, 750, 0.0005, 0.006, "few")
    for place, (signal, hard, words, who) in enumerate(signals):
        sql += insert("weir_signal", name, place, signal, int(hard), 0, 0, words, who)
    for place, (request, factor) in enumerate((("dashboard", 1.0), ("sign in <b>", 0.4))):
        sql += insert("weir_request", name, place, "browse", request, 712, 2, p95_ms * factor * 0.5, p95_ms * factor * 0.45,
                      p95_ms * factor, p95_ms * factor * 1.4, "HISTFAAAA")
    return sql


def story():
    """Forty runs: steady, a slow commit, its repair after days of red gates, an invalid run, a flaky commit, one that was killed."""
    sql, wobble = "", (0, 6, -4, 3, -7, 5, -2, 1)
    commits = ["1f0c9d2e7ab34c5d8e6f", "8a41b7c09d3e5f126a7b", "c3d95e1f2a6b7c8d9e0f", "e7714fb2c8a90d3b5e6f"]
    for number in range(40):
        p95 = 212.0 + wobble[number % 8]
        commit, verdict, more = commits[min(number // 10, 3)], "pass", {}
        if 22 <= number < 36:
            p95, verdict = 388.0 + 2 * wobble[number % 8], "fail"
        if number == 8:
            verdict, more = "invalid", {"reasons": ["sign-in failed: 41 of 41 sign-ins were refused"],
                                        "signals": [("sign-in failed", True, "41 of 41 sign-ins were refused", "who keeps the test accounts")]}
        if number == 17:
            verdict, more = "fail", {"reasons": [f"{ERRORS}: 1.4 % failed, 1 % is allowed"]}
        if 22 <= number < 36:
            commit = "b5e20a9c4d7f8e1b3c6a"
        sql += run_sql(number, verdict, commit, p95, finished=number != 33, **more)
    return sql


if __name__ == "__main__":
    # past_runs.py FILE [NUMBER VERDICT COMMIT P95_MS]: the story, or one more run, into an SQLite store that has its tables.
    import sqlite3
    import sys
    with sqlite3.connect(sys.argv[1], timeout=30) as database:
        if len(sys.argv) == 2:
            database.executescript(story())
        else:
            database.executescript(run_sql(int(sys.argv[2]), sys.argv[3], sys.argv[4], float(sys.argv[5])))
