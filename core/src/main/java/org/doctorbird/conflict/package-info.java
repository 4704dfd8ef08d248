/// The rules by which an instance decides what to do with a record it receives. Pure functions.
@NullMarked
package org.doctorbird.conflict;

import org.jspecify.annotations.NullMarked;
