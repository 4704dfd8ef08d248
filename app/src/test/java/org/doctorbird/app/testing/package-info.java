/// What the tests of several packages share.
@NullMarked
package org.doctorbird.app.testing;

import org.jspecify.annotations.NullMarked;
