package org.doctorbird.exchange;

import org.doctorbird.record.Cursor;

/// A satellite's place in one feed of one model.
///
/// @param cursor everything up to it was read
public record Place(String model, Feed feed, Cursor cursor) {}
