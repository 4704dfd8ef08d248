package org.doctorbird.comparison;

/// Stands for a set of records: two sets are equal if, but for a chance of 1 to 2 to the power of
/// 64, their fingerprints are.
///
/// @param count how many records
/// @param sum the exclusive or of the records' hashes; `docs/protocol.md`, "Fingerprints"
public record RangeFingerprint(long count, long sum) {

    /// No record.
    public static final RangeFingerprint EMPTY = new RangeFingerprint(0, 0);

    private static final int RADIX = 16;

    public RangeFingerprint {
        if (count < 0) {
            throw new IllegalArgumentException("less than no records");
        }
    }

    /// Returns that of the set with one more record.
    public RangeFingerprint with(long hash) {
        return new RangeFingerprint(count + 1, sum ^ hash);
    }

    /// Reads the text form.
    ///
    /// @throws IllegalArgumentException if `text` is not a number, a slash and hexadecimal digits
    public static RangeFingerprint parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 1) {
            throw new IllegalArgumentException("not a fingerprint");
        }
        return new RangeFingerprint(
                Long.parseLong(text, 0, slash, 10),
                Long.parseUnsignedLong(text, slash + 1, text.length(), RADIX));
    }

    /// Returns the text form: the count, a slash, and the sum in hexadecimal digits.
    public String text() {
        return count + "/" + Long.toHexString(sum);
    }
}
