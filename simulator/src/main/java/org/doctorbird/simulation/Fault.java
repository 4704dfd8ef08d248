package org.doctorbird.simulation;

/// What goes wrong in a simulated region.
enum Fault {
    /// A request is lost.
    LOST_REQUEST("lost requests"),
    /// An answer is lost.
    LOST_ANSWER("lost answers"),
    /// A request comes twice.
    DOUBLED("doubled requests"),
    /// A request comes once more, after later ones.
    LATE("requests that came again, late and out of order"),
    /// A message is cut off.
    TRUNCATED("truncated messages"),
    /// A byte of a message is another.
    CORRUPTED("corrupted messages"),
    /// The line is dead for long.
    OUTAGE("outages of a line"),
    /// The clinic has no power.
    POWER_CUT("power cuts"),
    /// A program dies at any point.
    CRASH("programs killed in the midst of a cycle"),
    /// A transaction breaks.
    BROKEN("broken transactions"),
    /// A transaction is committed and nobody hears of it.
    LOST_COMMIT("commits that were not heard of"),
    /// A worker stands still until another one has taken over.
    PAUSED("workers paused until another took over"),
    /// The clinic's disk is full.
    FULL_DISK("full disks"),
    /// Central is down.
    CENTRAL_DOWN("times central was down"),
    /// A clinic's database is restored from a backup.
    RESTORED("restored clinics"),
    /// Central's database is restored from a backup.
    CENTRAL_RESTORED("restored centrals"),
    /// A copy of a clinic's database takes part.
    COPIED("copied clinics"),
    /// A clock is wrong.
    WRONG_CLOCK("wrong clocks"),
    /// A program is of an older version.
    OLDER("clinics or centrals of an older version");

    private final String words;

    Fault(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }
}
