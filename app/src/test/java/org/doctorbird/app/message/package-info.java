/// What the tests of all encodings share.
@NullMarked
package org.doctorbird.app.message;

import org.jspecify.annotations.NullMarked;
