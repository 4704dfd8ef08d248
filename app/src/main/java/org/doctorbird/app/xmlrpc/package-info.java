/// XML-RPC as Tryton speaks it: trees of plain values to XML and back. `docs/protocol.md` has the
/// encoding.
@NullMarked
package org.doctorbird.app.xmlrpc;

import org.jspecify.annotations.NullMarked;
