/// A satellite's program: its parts and their wiring.
@NullMarked
package org.doctorbird.app.satellite;

import org.jspecify.annotations.NullMarked;
