/// The PostgreSQL side: reading the catalogue, capture, and the stores of central and satellite.
@NullMarked
package org.doctorbird.app.postgres;

import org.jspecify.annotations.NullMarked;
