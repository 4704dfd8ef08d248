/// The commands `simulate` and `soak`; the only printers.
@NullMarked
package org.doctorbird.simulation.cli;

import org.jspecify.annotations.NullMarked;
