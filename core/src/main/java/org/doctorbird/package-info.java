/// Doctorbird's core: all decisions of the synchronization and both sides of the exchange. No I/O,
/// no clock, no chance.
@NullMarked
package org.doctorbird;

import org.jspecify.annotations.NullMarked;
