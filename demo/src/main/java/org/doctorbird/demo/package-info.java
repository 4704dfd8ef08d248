/// What the demo and the system tests run on: an application schema like GNU Health's, its
/// reference data, and clinics that fill it and keep writing. Nothing here knows the
/// synchronization engine.
@NullMarked
package org.doctorbird.demo;

import org.jspecify.annotations.NullMarked;
