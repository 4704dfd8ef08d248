/// The compact encoding of the messages between instances of Doctorbird: trees of plain values to
/// CBOR and back. `docs/protocol.md` has the encoding.
@NullMarked
package org.doctorbird.app.compact;

import org.jspecify.annotations.NullMarked;
