/// The plan file: reading it, checking it against a database, and a first one to start from.
@NullMarked
package org.doctorbird.app.plan;

import org.jspecify.annotations.NullMarked;
