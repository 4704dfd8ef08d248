/// A central instance and satellites in memory, running the production code of both sides under
/// seeded chance and faults.
@NullMarked
package org.doctorbird.simulation;

import org.jspecify.annotations.NullMarked;
