@NullMarked
package org.doctorbird.app.settings;

import org.jspecify.annotations.NullMarked;
