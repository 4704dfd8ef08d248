/// The tests of the simulated world, and the contracts of both sides in memory.
@NullMarked
package org.doctorbird.simulation;

import org.jspecify.annotations.NullMarked;
