/// The messages of the exchange as trees of plain values, for both directions, whatever carries
/// them. `docs/protocol.md` describes them.
@NullMarked
package org.doctorbird.codec;

import org.jspecify.annotations.NullMarked;
