package org.doctorbird;

import java.io.Serial;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// An operating failure with a code. The only exception type of ours that crosses a package
/// boundary.
///
/// The summary is a fixed text, so that logs can be counted by it; what varies goes into [#with].
/// Never put a field's value there: it may be a patient's.
public final class SyncException extends RuntimeException {

    @Serial private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final String summary;
    private final transient SequencedMap<String, Object> context = new LinkedHashMap<>();

    /// @param summary fixed text without values, such as "cannot store the batch"
    public SyncException(ErrorCode code, String summary) {
        this(code, summary, null);
    }

    /// @param summary fixed text without values, such as "cannot store the batch"
    /// @param cause never printed by us: a driver's message may quote a row
    public SyncException(ErrorCode code, String summary, @Nullable Throwable cause) {
        super(summary, cause);
        this.code = code;
        this.summary = summary;
    }

    /// Adds one fact for the person who reads the error, such as `with("model", "party.party")`.
    ///
    /// @param value never a value of a record
    public SyncException with(String key, Object value) {
        context.put(key, value);
        return this;
    }

    /// Returns the code, which names the remedy.
    public ErrorCode code() {
        return code;
    }

    /// Returns the fixed text.
    public String summary() {
        return summary;
    }

    /// Returns the facts in the order they were added.
    public Map<String, Object> context() {
        return java.util.Collections.unmodifiableMap(context);
    }

    /// Returns code, summary and facts: `DRB-2001 cannot store the batch {model=party.party}`.
    @Override
    public String getMessage() {
        return code.code() + " " + summary + (context.isEmpty() ? "" : " " + context);
    }
}
