/// Compares what a satellite holds with what central counts it as holding. No side effects.
@NullMarked
package org.doctorbird.comparison;

import org.jspecify.annotations.NullMarked;
