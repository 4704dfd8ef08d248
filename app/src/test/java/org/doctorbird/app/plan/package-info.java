@NullMarked
package org.doctorbird.app.plan;

import org.jspecify.annotations.NullMarked;
