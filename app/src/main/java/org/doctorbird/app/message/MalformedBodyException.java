package org.doctorbird.app.message;

import java.io.IOException;
import java.io.Serial;

/// What came is not well-formed in its encoding, for example no XML. Quotes nothing of it.
public final class MalformedBodyException extends IOException {

    @Serial private static final long serialVersionUID = 1L;

    /// @param what the body is not, such as `well-formed XML`
    public MalformedBodyException(String what) {
        super("no " + what);
    }
}
