/// Tests of the compact encoding.
@NullMarked
package org.doctorbird.app.compact;

import org.jspecify.annotations.NullMarked;
