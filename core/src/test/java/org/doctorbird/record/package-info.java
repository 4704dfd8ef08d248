/// Examples of the rules and values of this package.
@NullMarked
package org.doctorbird.record;

import org.jspecify.annotations.NullMarked;
