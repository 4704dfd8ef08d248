/// Whole programs, used as an administrator uses them.
@NullMarked
package org.doctorbird.app.cli;

import org.jspecify.annotations.NullMarked;
