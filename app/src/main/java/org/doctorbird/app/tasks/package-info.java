/// The three tasks on db-scheduler: each a few lines that call the engine.
@NullMarked
package org.doctorbird.app.tasks;

import org.jspecify.annotations.NullMarked;
