/// Several instances on one machine, with invented patients.
@NullMarked
package org.doctorbird.demo;

import org.jspecify.annotations.NullMarked;
