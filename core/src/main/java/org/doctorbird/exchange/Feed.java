package org.doctorbird.exchange;

/// The two ways in which central's records reach a satellite, each with a cursor of its own per
/// model.
public enum Feed {
    /// Changes of records that the satellite knows.
    PULL,
    /// Records that the satellite should hold and does not know.
    NEW
}
