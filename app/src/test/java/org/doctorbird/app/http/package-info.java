/// Tests of central's door and the way to it.
@NullMarked
package org.doctorbird.app.http;

import org.jspecify.annotations.NullMarked;
