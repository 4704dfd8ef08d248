package org.doctorbird.comparison;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.doctorbird.record.ModelShape;

/// What a comparison needs from a satellite's database. A copy is a record at a version of
/// central's: one whose row is here, or that was deleted here and is still to be pushed.
///
/// Each method takes a fixed number of statements. `isDeep` says whether the values count of all
/// fields of the shape.
public interface SatelliteSide {

    /// Reads all of one model.
    LocalWhole whole(ModelShape shape, boolean isDeep);

    /// Returns for each prefix the fingerprints of its parts.
    List<RangeFingerprint> parts(ModelShape shape, boolean isDeep, List<UidPrefix> prefixes);

    /// Returns the copies with these prefixes, in no order.
    List<LocalCopy> copies(ModelShape shape, boolean isDeep, List<UidPrefix> prefixes);

    /// Returns what the lists say about records.
    ///
    /// @return by uid; a record that no list knows may be missing
    Map<UUID, Standing> standing(ModelShape shape, Collection<UUID> uids);

    /// Puts records at no version, so that whatever comes from central is newer. Those that wait to
    /// be pushed stay as they are.
    void putAtNoVersion(ModelShape shape, Collection<UUID> uids);

    /// Counts records as changed here, since the version that they are at. Those that wait to be
    /// pushed stay as they are.
    void countAsChanged(ModelShape shape, Collection<UUID> uids);

    /// Gives companions to rows that have none: they are pushed as new records.
    void capture(ModelShape shape);
}
