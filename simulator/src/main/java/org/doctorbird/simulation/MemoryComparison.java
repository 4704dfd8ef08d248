package org.doctorbird.simulation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.doctorbird.comparison.RangeFingerprint;
import org.doctorbird.comparison.UidPrefix;
import org.doctorbird.record.ETag;
import org.doctorbird.record.Fields;
import org.doctorbird.record.ModelShape;
import org.doctorbird.record.Uids;
import org.jspecify.annotations.Nullable;

/// Fingerprints in memory.
final class MemoryComparison {

    private MemoryComparison() {}

    static boolean isAmong(UUID uid, List<UidPrefix> prefixes) {
        return prefixes.stream().anyMatch(prefix -> has(prefix, uid));
    }

    private static boolean has(UidPrefix prefix, UUID uid) {
        return Uids.ORDER.compare(prefix.first(), uid) <= 0
                && Uids.ORDER.compare(uid, prefix.last()) <= 0;
    }

    static long hash(UUID uid, ETag etag, long digest) {
        long hash = mix(uid.getMostSignificantBits());
        hash = mix(hash ^ uid.getLeastSignificantBits());
        return mix(mix(hash ^ etag.micros()) ^ digest);
    }

    private static long mix(long bits) {
        long mixed = (bits ^ (bits >>> 33)) * 0xFF51AFD7ED558CCDL;
        return (mixed ^ (mixed >>> 29)) * 0xC4CEB9FE1A85EC53L + 1;
    }

    static long digest(ModelShape shape, UUID uid, ETag etag, Fields fields) {
        var values = new TreeMap<String, @Nullable String>();
        shape.names().list().forEach(name -> values.put(name, fields.get(name)));
        return hash(uid, etag, values.hashCode());
    }

    static <R> RangeFingerprint whole(
            Collection<R> records, Function<R, UUID> uid, ToLongFunction<R> hash) {
        var whole = RangeFingerprint.EMPTY;
        for (RangeFingerprint part : parts(records, uid, hash, List.of(UidPrefix.ALL))) {
            whole = new RangeFingerprint(whole.count() + part.count(), whole.sum() ^ part.sum());
        }
        return whole;
    }

    static <R> List<RangeFingerprint> parts(
            Collection<R> records,
            Function<R, UUID> uid,
            ToLongFunction<R> hash,
            List<UidPrefix> prefixes) {
        var parts =
                new ArrayList<>(
                        Collections.nCopies(
                                UidPrefix.WAYS * prefixes.size(), RangeFingerprint.EMPTY));
        for (R record : records) {
            for (int i = 0; i < prefixes.size(); i++) {
                if (has(prefixes.get(i), uid.apply(record))) {
                    int place = UidPrefix.WAYS * i + prefixes.get(i).partOf(uid.apply(record));
                    parts.set(place, parts.get(place).with(hash.applyAsLong(record)));
                }
            }
        }
        return parts;
    }
}
