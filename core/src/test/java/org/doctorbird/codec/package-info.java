/// Tests of the messages, and what tests of their carriers need.
@NullMarked
package org.doctorbird.codec;

import org.jspecify.annotations.NullMarked;
