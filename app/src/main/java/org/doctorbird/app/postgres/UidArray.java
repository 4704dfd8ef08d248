package org.doctorbird.app.postgres;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.UUID;
import java.util.stream.Collectors;
import org.postgresql.core.Oid;
import org.postgresql.util.PGBinaryObject;
import org.postgresql.util.PGobject;

/// An array of uuids as a parameter, in PostgreSQL's binary form: reading the text form takes a
/// server longer than looking up the records. A connection that was not told to send it so (see
/// [Database]) sends the text form.
///
/// Source: PostgreSQL's `array_recv` and `uuid_recv`.
final class UidArray extends PGobject implements PGBinaryObject {

    private static final int UID_BYTES = 16;

    /// Number of dimensions, whether there are nulls, and the elements' type.
    private static final int HEAD_BYTES = 3 * Integer.BYTES;

    /// Number of elements, and the number of the first.
    private static final int DIMENSION_BYTES = 2 * Integer.BYTES;

    private final UUID[] uids;

    /// @param uids none null
    UidArray(UUID[] uids) {
        this.uids = uids.clone();
        setType("_uuid");
    }

    @Override
    public String getValue() {
        return Arrays.stream(uids).map(UUID::toString).collect(Collectors.joining(",", "{", "}"));
    }

    @Override
    public void setByteValue(byte[] value, int offset) {
        throw new UnsupportedOperationException("only sent");
    }

    @Override
    public int lengthInBytes() {
        return uids.length == 0
                ? HEAD_BYTES
                : HEAD_BYTES + DIMENSION_BYTES + uids.length * (Integer.BYTES + UID_BYTES);
    }

    @Override
    public void toBytes(byte[] bytes, int offset) {
        var buffer = ByteBuffer.wrap(bytes, offset, lengthInBytes());
        buffer.putInt(uids.length == 0 ? 0 : 1).putInt(0).putInt(Oid.UUID);
        if (uids.length > 0) {
            buffer.putInt(uids.length).putInt(1);
        }
        for (UUID uid : uids) {
            buffer.putInt(UID_BYTES);
            buffer.putLong(uid.getMostSignificantBits()).putLong(uid.getLeastSignificantBits());
        }
    }
}
