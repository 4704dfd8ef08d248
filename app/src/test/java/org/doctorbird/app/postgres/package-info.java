/// Tests of the PostgreSQL side, on real servers.
@NullMarked
package org.doctorbird.app.postgres;

import org.jspecify.annotations.NullMarked;
