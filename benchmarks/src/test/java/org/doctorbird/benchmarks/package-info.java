@NullMarked
package org.doctorbird.benchmarks;

import org.jspecify.annotations.NullMarked;
