/// All that touches the world: PostgreSQL, HTTP, tasks, command line.
@NullMarked
package org.doctorbird.app;

import org.jspecify.annotations.NullMarked;
