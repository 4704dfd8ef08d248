@NullMarked
package org.doctorbird.app.tasks;

import org.jspecify.annotations.NullMarked;
