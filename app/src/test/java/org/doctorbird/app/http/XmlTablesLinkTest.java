package org.doctorbird.app.http;

import org.doctorbird.codec.LinkContract;
import org.doctorbird.exchange.Link;
import org.junit.jupiter.api.AfterEach;

/// The link over HTTP as `encoding = "xml"` sets it.
final class XmlTablesLinkTest extends LinkContract {

    private final ServedCentral served = new ServedCentral(central);
    private final HttpLink link = served.link(Encoding.XML_TABLES);

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
