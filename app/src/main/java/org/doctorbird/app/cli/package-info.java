/// The command line, and the only caller of standard output.
@NullMarked
package org.doctorbird.app.cli;

import org.jspecify.annotations.NullMarked;
