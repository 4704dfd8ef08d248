/// What every store and every link must keep, run in memory here and on PostgreSQL in the
/// application's module.
@NullMarked
package org.doctorbird.exchange;

import org.jspecify.annotations.NullMarked;
