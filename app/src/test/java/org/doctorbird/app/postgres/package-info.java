@NullMarked
package org.doctorbird.app.postgres;

import org.jspecify.annotations.NullMarked;
