package org.doctorbird.exchange;

/// How much one batch may hold: whichever is reached first. A single record may exceed the bytes
/// alone.
///
/// @param records 1 to 10,000
/// @param bytes of text of the values, roughly; 1 kB or more
public record BatchLimit(int records, long bytes) {

    /// What a batch may hold when nothing else is said: bounds a worker's memory to a few times
    /// this.
    public static final long BYTES_DEFAULT = 4L << 20;

    public BatchLimit {
        if (records < 1 || records > 10_000 || bytes < 1_000) {
            throw new IllegalArgumentException(
                    "batch of " + records + " records and " + bytes + " bytes");
        }
    }

    /// A batch of so many records and the default bytes.
    public static BatchLimit ofRecords(int records) {
        return new BatchLimit(records, BYTES_DEFAULT);
    }
}
