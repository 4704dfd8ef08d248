package org.doctorbird.app.http;

import java.io.Serial;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;

/// A request that is refused with a status of HTTP other than 200.
final class Refusal extends RuntimeException {

    @Serial private static final long serialVersionUID = 1L;

    private final int status;
    private final transient SyncException reason;

    Refusal(int status, ErrorCode code, String summary) {
        this(status, new SyncException(code, summary));
    }

    Refusal(int status, SyncException reason) {
        super(reason);
        this.status = status;
        this.reason = reason;
    }

    int status() {
        return status;
    }

    SyncException reason() {
        return reason;
    }
}
