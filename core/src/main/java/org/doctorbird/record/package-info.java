/// Values that identify and carry records. Knows no other package of ours.
@NullMarked
package org.doctorbird.record;

import org.jspecify.annotations.NullMarked;
