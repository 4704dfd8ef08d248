package org.doctorbird.record;

/// How a field's values look on the wire; the exact form of each is in `docs/protocol.md`,
/// "Values".
public enum FieldKind {
    /// true or false.
    BOOLEAN,
    /// smallint, integer and bigint.
    INTEGER,
    /// real and double precision.
    FLOAT,
    /// numeric, of any precision.
    NUMERIC,
    /// date.
    DATE,
    /// time without time zone.
    TIME,
    /// timestamp without time zone.
    TIMESTAMP,
    /// bytea.
    BINARY,
    /// A reference to a record of a model in the plan; its value is that record's uid.
    REFERENCE,
    /// Every other type, in PostgreSQL's text form.
    TEXT
}
