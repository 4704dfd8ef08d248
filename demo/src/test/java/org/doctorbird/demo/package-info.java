@NullMarked
package org.doctorbird.demo;

import org.jspecify.annotations.NullMarked;
