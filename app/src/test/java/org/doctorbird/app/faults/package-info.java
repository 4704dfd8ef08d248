/// What becomes of records when processes, databases and connections end at the wrong moment.
@NullMarked
package org.doctorbird.app.faults;

import org.jspecify.annotations.NullMarked;
