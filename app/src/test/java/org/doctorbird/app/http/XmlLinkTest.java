package org.doctorbird.app.http;

import org.doctorbird.codec.LinkContract;
import org.doctorbird.exchange.Link;
import org.junit.jupiter.api.AfterEach;

/// The link over HTTP in the XML that every client may speak; [HttpLinkTest] has the compact
/// encoding, [XmlTablesLinkTest] the one by column.
final class XmlLinkTest extends LinkContract {

    private final ServedCentral served = new ServedCentral(central);
    private final HttpLink link = served.link(Encoding.XML);

    @Override
    protected Link link() {
        return link;
    }

    @AfterEach
    void close() {
        link.close();
        served.close();
    }
}
