package org.doctorbird.app.xmlrpc;

import java.io.IOException;
import java.io.Serial;

/// What came is no well-formed XML, or has a document type declaration. Quotes nothing of it.
public final class NotXmlException extends IOException {

    @Serial private static final long serialVersionUID = 1L;

    NotXmlException(String what) {
        super(what);
    }
}
