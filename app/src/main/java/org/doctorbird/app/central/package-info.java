/// Central's program: its parts and their wiring.
@NullMarked
package org.doctorbird.app.central;

import org.jspecify.annotations.NullMarked;
