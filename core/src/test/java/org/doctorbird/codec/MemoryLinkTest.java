package org.doctorbird.codec;

import org.doctorbird.exchange.Link;

/// The messages without anything that carries them.
final class MemoryLinkTest extends LinkContract {

    @Override
    protected Link link() {
        var methods = new CentralMethods(central);
        return new RemoteLink((method, params) -> methods.call(CLINIC, method, params), _ -> SHAPE);
    }
}
