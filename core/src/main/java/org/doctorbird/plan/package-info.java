/// What is synchronised, and how: the plan that central hands to its satellites.
@NullMarked
package org.doctorbird.plan;

import org.jspecify.annotations.NullMarked;
