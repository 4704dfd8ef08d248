/// The rules of the house that a machine can check, over all files of the project.
@NullMarked
package org.doctorbird.tidy;

import org.jspecify.annotations.NullMarked;
