package org.doctorbird.app.postgres;

import org.doctorbird.app.http.Encoding;

/// The same contract in XML-RPC.
final class XmlExchangeTest extends HttpExchangeTest {

    @Override
    protected Encoding encoding() {
        return Encoding.XML;
    }
}
