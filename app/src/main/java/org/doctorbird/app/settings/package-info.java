/// The settings file of one program.
@NullMarked
package org.doctorbird.app.settings;

import org.jspecify.annotations.NullMarked;
