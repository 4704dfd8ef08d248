package org.doctorbird;

/// Everything that a person may have to act on, with what to do. `docs/operating.md` lists the same
/// codes and texts.
///
/// A code is never renumbered or used again: it stands in logs, in answers and in people's notes.
public enum ErrorCode {
    /// The instance's own database does not answer.
    DATABASE_UNREACHABLE(
            "DRB-1001",
            Action.RETRY,
            "Start PostgreSQL or correct [database] in the settings file."),

    /// Two transactions wrote the same rows, or a lock was held for too long.
    WRITES_COLLIDED("DRB-1002", Action.RETRY, "Nothing to do: the batch is tried again by itself."),

    /// Central does not answer.
    CENTRAL_UNREACHABLE(
            "DRB-1003",
            Action.RETRY,
            "Check the network and [central] url; work goes on when central answers."),

    /// Central answered with a failure, or with something that is not an answer.
    CENTRAL_FAILED(
            "DRB-1004", Action.RETRY, "Look at central's log; the request is repeated by itself."),

    /// Another worker took this piece of work over while this one was paused.
    FENCED("DRB-1005", Action.RETRY, "Nothing to do: the other worker finishes the work."),

    /// A request took longer than it may.
    TIMED_OUT(
            "DRB-1006",
            Action.RETRY,
            "Nothing to do at first; if it repeats, look for long locks in the database."),

    /// A record refers to another one that has not arrived.
    REFERENCE_MISSING(
            "DRB-2001",
            Action.PARK,
            "Wait for the other record; if it never comes, its model is missing from the plan."),

    /// Two records claim one unique key.
    UNIQUE_KEY_TAKEN(
            "DRB-2002",
            Action.FIX,
            "Change the key of one of the two records; give each site a prefix of its own."),

    /// The database refuses a record: a constraint, a trigger or a missing column.
    RECORD_REFUSED(
            "DRB-2003",
            Action.FIX,
            "Correct the record where it was written, or the constraint that refuses it."),

    /// A value does not fit the type of its column.
    VALUE_MALFORMED(
            "DRB-2004",
            Action.FIX,
            "Send the value in the form that docs/protocol.md gives for its type."),

    /// The model's mode does not let this change out of the satellite.
    MODE_FORBIDS(
            "DRB-2005",
            Action.FIX,
            "Change the record at central, or the mode of the model in the plan."),

    /// The record was deleted at central while it was changed at the satellite.
    DELETED_AT_CENTRAL(
            "DRB-2006",
            Action.FIX,
            "Decide whether to keep the record: create it again, or delete it at the satellite too."),

    /// Both sides changed the same field; central's value stands and the other is kept.
    CONFLICT(
            "DRB-2007",
            Action.FIX,
            "Compare both versions with 'conflicts show' and settle it with 'conflicts resolve'."),

    /// The conflict list has no such entry.
    CONFLICT_UNKNOWN("DRB-2011", Action.FIX, "Take a number that 'conflicts list --all' shows."),

    /// A conflict cannot be settled in the way that was chosen; nothing was changed.
    RESOLUTION_REFUSED(
            "DRB-2012", Action.FIX, "Choose another way; 'conflicts show' names those there are."),

    /// A satellite has changed or made a record that exists at central and is not in its interest;
    /// the change is kept in quarantine there.
    OUTSIDE_INTEREST(
            "DRB-2008",
            Action.FIX,
            "Import the record with 'import'; the change then goes through by itself."),

    /// Somebody has dropped this version of the record from quarantine; it is not tried again.
    DROPPED(
            "DRB-2010",
            Action.FIX,
            "Change the record where it was written, and it comes again; or bring it back with 'quarantine undrop' where it was dropped."),

    /// The plan has no such model.
    MODEL_UNKNOWN(
            "DRB-3001",
            Action.FIX,
            "Use a model of the plan, or add the model to the plan on central."),

    /// The model has no such field.
    FIELD_UNKNOWN(
            "DRB-3002",
            Action.FIX,
            "Send only fields of the model's table at central, or name the field in leave_out."),

    /// There is no such method.
    METHOD_UNKNOWN("DRB-3003", Action.FIX, "Use a method that docs/protocol.md names."),

    /// The request cannot be read.
    REQUEST_MALFORMED(
            "DRB-3004", Action.FIX, "Send the request in the form that docs/protocol.md gives."),

    /// The request is larger, deeper or longer than allowed.
    REQUEST_TOO_LARGE("DRB-3005", Action.FIX, "Send fewer records in one request."),

    /// Wrong login or password.
    LOGIN_REFUSED(
            "DRB-3006",
            Action.FIX,
            "Correct login and password file; central makes new ones with 'instance add'."),

    /// The session has ended.
    SESSION_EXPIRED(
            "DRB-3007", Action.RETRY, "Nothing to do: the satellite logs in again by itself."),

    /// The two programs speak different versions of the protocol.
    VERSION_MISMATCH("DRB-3008", Action.FIX, "Upgrade the older of the two programs."),

    /// Another database already takes part with this synchronisation id.
    INSTANCE_TAKEN(
            "DRB-3009",
            Action.FIX,
            "If the other database is gone, run 'resync' here. If this one is a copy of it, give it an instance of its own: 'instance add' on central, its login here, then 'join --as-new'."),

    /// The synchronisation id is outside the range.
    INSTANCE_OUT_OF_RANGE(
            "DRB-3010",
            Action.FIX,
            "Choose a synchronisation id from 1 to the limit; 0 is central."),

    /// Central does not know this instance.
    INSTANCE_UNKNOWN("DRB-3011", Action.FIX, "Add the instance on central with 'instance add'."),

    /// A cursor of another epoch of central.
    CURSOR_STALE(
            "DRB-3012",
            Action.RETRY,
            "Nothing to do: the satellite reads from the beginning again."),

    /// The plan does not let the model, or the field, be searched, shown or imported.
    NOT_SEARCHABLE(
            "DRB-3014",
            Action.FIX,
            "Name what the plan allows, or add it to 'searchable' or 'shown' of the model on central."),

    /// The request names another instance than the one that has logged in.
    INSTANCE_DIFFERS(
            "DRB-3013",
            Action.FIX,
            "Log in as the instance that the context names, or leave synchronisation_id out."),

    /// A satellite's database remembers fewer contacts than central does.
    SATELLITE_BEHIND(
            "DRB-3016",
            Action.FIX,
            "If this database was restored from a backup, run 'resync' here: nothing that central has is lost. If it is a copy of one that goes on elsewhere, see DRB-3017."),

    /// Two databases have gone on from the same contact under one synchronisation id.
    SATELLITE_COPIED(
            "DRB-3017",
            Action.FIX,
            "Let one copy keep the id. Give the other an instance of its own: 'instance add' on central, its login here, then 'join --as-new'. If the other copy is gone, run 'resync' here."),

    /// Central's database remembers fewer contacts than a satellite does.
    CENTRAL_BEHIND(
            "DRB-3018",
            Action.FIX,
            "Run 'resync' on central: the satellites then bring back what it has lost."),

    /// The plan file cannot be read.
    PLAN_MALFORMED("DRB-4001", Action.FIX, "Correct the plan file at the place the message names."),

    /// The plan does not fit the database.
    PLAN_DOES_NOT_FIT("DRB-4002", Action.FIX, "Run 'plan check' and correct what it names."),

    /// Doctorbird is not installed in this database.
    NOT_INSTALLED("DRB-4003", Action.FIX, "Run 'install' first."),

    /// The settings file cannot be used.
    SETTINGS_MALFORMED(
            "DRB-4004", Action.FIX, "Correct the settings file at the key the message names."),

    /// The database was installed by a newer program.
    INSTALLED_NEWER(
            "DRB-4005",
            Action.FIX,
            "Use the newer program, or restore the database from before the upgrade."),

    /// The engine's database role lacks a right.
    RIGHTS_MISSING(
            "DRB-4006",
            Action.FIX,
            "Grant the role what docs/operating.md names under 'Roles and rights'."),

    /// The command is for the other role: central or satellite.
    ROLE_WRONG("DRB-4007", Action.FIX, "Run the command on the instance it is for."),

    /// Somebody tried to change or delete the history of records.
    HISTORY_APPEND_ONLY(
            "DRB-4009",
            Action.FIX,
            "Leave the history as it is; history_days in central's settings ends old rows."),

    /// A defect in this program.
    INTERNAL("DRB-9001", Action.STOP, "Report it with the log.");

    /// What the engine does of itself.
    public enum Action {
        /// Tries again with growing pauses.
        RETRY,
        /// Sets the record aside until what it waits for has come.
        PARK,
        /// Goes on with everything else; this needs a person.
        FIX,
        /// Stops the piece of work at once.
        STOP
    }

    private final String code;
    private final Action action;
    private final String remedy;

    ErrorCode(String code, Action action, String remedy) {
        this.code = code;
        this.action = action;
        this.remedy = remedy;
    }

    /// Returns the code as it is printed, such as `DRB-1001`.
    public String code() {
        return code;
    }

    /// Returns what the engine does of itself.
    public Action action() {
        return action;
    }

    /// Returns one or two sentences for the person who reads the error.
    public String remedy() {
        return remedy;
    }

    /// Finds a code by its printed form.
    ///
    /// @param code such as `DRB-1001`; an unknown one (of a newer program) gives [#INTERNAL]
    public static ErrorCode of(String code) {
        for (ErrorCode candidate : values()) {
            if (candidate.code.equals(code)) {
                return candidate;
            }
        }
        return INTERNAL;
    }
}
