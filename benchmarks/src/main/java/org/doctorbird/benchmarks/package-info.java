/// Measurements, run by hand: how long Doctorbird needs for a piece of work, and what PostgreSQL's
/// own means need for the same.
@NullMarked
package org.doctorbird.benchmarks;

import org.jspecify.annotations.NullMarked;
