// Exit codes: all of them, a sentence each. docs/formats/exit-codes.md says the same.
#pragma once

namespace weir::gate {

/// 97 to 110 mean what they mean in k6 (k6 documentation, "Exit codes"); below are Weir's own.
enum class ExitCode : int {
    ok = 0,             // the run ended and all thresholds hold; the gate lets the deployment on
    usage = 2,          // the command line or weir.toml is wrong; nothing was run
    gate_failed = 10,   // the service misses a condition: the deployment is blocked
    gate_invalid = 11,  // the measurement cannot be trusted: blocked, and says who should look
    gate_error = 12,    // the gate itself could not do its work (no disk, no record)
    bypassed = 13,      // the verdict blocks, a bypass lets the deployment go on
    refused = 14,       // not admitted, or not allowed to: weir verify, bypass and ledger say why
    busy = 15,          // the environment was in use for longer than the gate waits
    thresholds_failed = 99,  // a threshold was crossed
    setup_timeout = 100,     // setup() took too long
    teardown_timeout = 101,  // teardown() took too long
    timeout = 102,           // something else took too long
    invalid_config = 104,    // options or thresholds that cannot be run
    external_abort = 105,    // SIGINT or SIGTERM
    script_exception = 107,  // the script does not compile, or its init code or setup() threw
    script_aborted = 108,    // the script called exec.test.abort()
    marked_failed = 110,     // the script called exec.test.fail()
};

}  // namespace weir::gate
