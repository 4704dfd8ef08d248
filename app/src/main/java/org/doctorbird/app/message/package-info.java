/// Requests and answers as trees of plain values, whatever encoding carries them.
@NullMarked
package org.doctorbird.app.message;

import org.jspecify.annotations.NullMarked;
