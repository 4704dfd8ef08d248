/// Tests of what compares two sides.
@NullMarked
package org.doctorbird.comparison;

import org.jspecify.annotations.NullMarked;
