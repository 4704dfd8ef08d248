/// Which instances should hold which records: computed on central, from what has changed.
@NullMarked
package org.doctorbird.interest;

import org.jspecify.annotations.NullMarked;
