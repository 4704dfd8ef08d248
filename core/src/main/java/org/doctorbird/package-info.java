/// The engine of Doctorbird: what both roles share, above all how failures are named.
@NullMarked
package org.doctorbird;

import org.jspecify.annotations.NullMarked;
