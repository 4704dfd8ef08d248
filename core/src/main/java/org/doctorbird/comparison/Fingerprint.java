package org.doctorbird.comparison;

/// Stands for a set of records: two sets are equal if, but for a chance of 1 to 2 to the power of
/// 64, their fingerprints are.
///
/// @param count how many records
/// @param sum the exclusive or of the records' hashes; `docs/protocol.md`, "Fingerprints"
public record Fingerprint(long count, long sum) {

    /// No record.
    public static final Fingerprint EMPTY = new Fingerprint(0, 0);

    private static final int RADIX = 16;

    public Fingerprint {
        if (count < 0) {
            throw new IllegalArgumentException("less than no records");
        }
    }

    /// Returns that of the set with one more record.
    public Fingerprint with(long hash) {
        return new Fingerprint(count + 1, sum ^ hash);
    }

    /// Reads the text form.
    ///
    /// @throws IllegalArgumentException if `text` is not a number, a slash and hexadecimal digits
    public static Fingerprint parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 1) {
            throw new IllegalArgumentException("not a fingerprint");
        }
        return new Fingerprint(
                Long.parseLong(text, 0, slash, 10),
                Long.parseUnsignedLong(text, slash + 1, text.length(), RADIX));
    }

    /// Returns the text form: the count, a slash, and the sum in hexadecimal digits.
    public String text() {
        return count + "/" + Long.toHexString(sum);
    }
}
