package org.doctorbird.app.message;

/// How large a message may be before reading stops.
///
/// @param bytesMax of the message after decompression, and of the texts in its tree; 1 kB or more
/// @param depthMax structs and arrays within each other, 1 to 64
/// @param valuesMax values and members in one message; bounds the memory of its tree to about 100
///   bytes each, beyond texts
public record MessageLimits(long bytesMax, int depthMax, int valuesMax) {

    /// What our own messages need is 5.
    public static final int DEPTH_DEFAULT = 32;

    /// Enough for 10,000 records of 200 fields.
    public static final int VALUES_DEFAULT = 2_500_000;

    public MessageLimits {
        if (bytesMax < 1_000 || depthMax < 1 || depthMax > 64 || valuesMax < 1) {
            throw new IllegalArgumentException(
                    "limits of "
                            + bytesMax
                            + " bytes, depth "
                            + depthMax
                            + ", "
                            + valuesMax
                            + " values");
        }
    }

    /// So many bytes, and the usual depth and number of values.
    public static MessageLimits ofBytes(long bytesMax) {
        return new MessageLimits(bytesMax, DEPTH_DEFAULT, VALUES_DEFAULT);
    }
}
