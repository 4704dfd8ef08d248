package org.doctorbird.record;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.UUID;

/// The order of uids: by their sixteen bytes, unsigned, as PostgreSQL orders the type uuid. (Java's
/// own order of UUID is signed and differs.)
public final class Uids {

    /// The first uid in the order.
    public static final UUID FIRST = new UUID(0, 0);

    /// Compares as PostgreSQL does.
    public static final Comparator<UUID> ORDER =
            (a, b) -> {
                int high =
                        Long.compareUnsigned(
                                a.getMostSignificantBits(), b.getMostSignificantBits());
                return high != 0
                        ? high
                        : Long.compareUnsigned(
                                a.getLeastSignificantBits(), b.getLeastSignificantBits());
            };

    /// The namespace of uids made from natural keys.
    public static final UUID NAMESPACE = UUID.fromString("5f1d7c0e-9a34-4a6e-8b0b-d0c7042b12d1");

    private Uids() {}

    /// Returns the version-5 UUID of a model and the value of its unique column: the same on every
    /// instance.
    ///
    /// The name within [#NAMESPACE] is the model, a colon and the value in PostgreSQL's text form,
    /// in UTF-8. Source: RFC 9562, section 5.5; `docs/protocol.md`, "Uids".
    public static UUID ofNaturalKey(String model, String value) {
        ByteBuffer namespace =
                ByteBuffer.allocate(16)
                        .putLong(NAMESPACE.getMostSignificantBits())
                        .putLong(NAMESPACE.getLeastSignificantBits());
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            sha1.update(namespace.array());
            ByteBuffer digest =
                    ByteBuffer.wrap(
                            sha1.digest((model + ":" + value).getBytes(StandardCharsets.UTF_8)));
            long high = (digest.getLong() & ~0xF000L) | 0x5000L;
            long low = (digest.getLong() & ~(3L << 62)) | (1L << 63);
            return new UUID(high, low);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }
}
