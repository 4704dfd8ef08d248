package org.doctorbird.app.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.doctorbird.app.postgres.StoreDatabase.model;
import static org.doctorbird.app.postgres.StoreDatabase.uid;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import org.doctorbird.app.testing.TestPostgres;
import org.doctorbird.comparison.RangeFingerprint;
import org.doctorbird.record.InstanceId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ComparedRecordsTest {

    private static final InstanceId TWO = new InstanceId(2);

    /// 2000-01-01 UTC, in microseconds since 1970.
    private static final long EPOCH_OF_TIMES = 946_684_800_000_000L;

    private static final long ETAG = 1_774_000_000_123_456L;

    /// Goal: both sides get the same, whatever versions of PostgreSQL they have. Method: the hash
    /// is computed here, as the protocol says.
    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void aHashIsWhatTheProtocolSays(TestPostgres server) throws Exception {
        StoreDatabase database =
                StoreDatabase.make(
                        server,
                        "create table party (id serial primary key, name text)",
                        model("party", "party"));
        long hash = 0;
        for (int i = 1; i <= 20; i++) {
            database.store(TWO, i, ETAG + i);
            hash ^= hash(i, ETAG + i);
        }
        database.run("update doctorbird.party set synchronised_instances = B'001'");

        RangeFingerprint held =
                database.central().inTransaction(t -> t.held(database.shape("party"), TWO, false));
        assertThat(held).isEqualTo(new RangeFingerprint(20, hash));
    }

    private static long hash(int number, long etag) throws Exception {
        ByteBuffer told =
                ByteBuffer.allocate(24)
                        .putLong(uid(number).getMostSignificantBits())
                        .putLong(uid(number).getLeastSignificantBits())
                        .putLong(etag - EPOCH_OF_TIMES);
        return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(told.array())).getLong();
    }
}
