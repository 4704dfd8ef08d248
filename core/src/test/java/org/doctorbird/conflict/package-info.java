/// Examples of the rules and values of this package.
@NullMarked
package org.doctorbird.conflict;

import org.jspecify.annotations.NullMarked;
