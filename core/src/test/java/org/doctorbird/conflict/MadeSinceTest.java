package org.doctorbird.conflict;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.doctorbird.record.ETag;
import org.doctorbird.record.InstanceId;
import org.junit.jupiter.api.Test;

class MadeSinceTest {

    private static final InstanceId MAY_PEN = new InstanceId(3);
    private static final ETag NEVER = new ETag(0);
    private static final Set<String> ALL = Set.of("name", "phone");

    private static VersionMade version(long etag, Set<String> fields) {
        return new VersionMade(new ETag(etag), MAY_PEN, etag, fields);
    }

    /// A version that changed the name.
    private static VersionReplaced row(long etag, long replaced) {
        return new VersionReplaced(
                version(etag, Set.of("name")), new ETag(replaced), MAY_PEN, replaced);
    }

    private static MadeSince since(
            Optional<Long> base, long current, ETag forgotten, VersionReplaced... history) {
        return MadeSince.of(
                base.map(ETag::new), version(current, ALL), List.of(history), forgotten, ALL);
    }

    @Test
    void aRecordThatWasNeverReplacedHasOneVersionWithAllFields() {
        assertThat(since(Optional.empty(), 10, NEVER))
                .isEqualTo(new MadeSince(List.of(version(10, ALL)), true));
    }

    @Test
    void nothingWasMadeSinceTheCurrentVersion() {
        assertThat(since(Optional.of(10L), 10, NEVER)).isEqualTo(new MadeSince(List.of(), true));
    }

    @Test
    void rowsThatFollowEachOtherFromTheBaseAreComplete() {
        assertThat(since(Optional.of(10L), 30, new ETag(20), row(20, 10), row(30, 20)))
                .isEqualTo(
                        new MadeSince(
                                List.of(version(20, Set.of("name")), version(30, Set.of("name"))),
                                true));
    }

    @Test
    void aGapAfterTheBaseIsNoticed() {
        assertThat(since(Optional.of(10L), 30, NEVER, row(30, 20)).isComplete()).isFalse();
    }

    @Test
    void aGapBetweenRowsIsNoticed() {
        assertThat(since(Optional.of(10L), 40, NEVER, row(20, 10), row(40, 30)).isComplete())
                .isFalse();
    }

    @Test
    void aGapBeforeTheCurrentVersionIsNoticed() {
        assertThat(since(Optional.of(10L), 30, NEVER, row(20, 10)).isComplete()).isFalse();
        assertThat(since(Optional.of(10L), 30, NEVER).isComplete()).isFalse();
    }

    /// Central was restored from a backup and has lost the base; nobody has changed the record
    /// since.
    @Test
    void aBaseThatIsLaterThanTheCurrentVersionIsNoGap() {
        assertThat(since(Optional.of(20L), 10, NEVER).isComplete()).isTrue();
    }

    @Test
    void withoutABaseTheOldestKnownVersionIsTheFirstUnlessOlderOnesMayBeForgotten() {
        assertThat(since(Optional.empty(), 20, NEVER, row(20, 10)))
                .isEqualTo(
                        new MadeSince(
                                List.of(version(10, ALL), version(20, Set.of("name"))), true));
        assertThat(since(Optional.empty(), 20, new ETag(9), row(20, 10)).isComplete()).isTrue();
        assertThat(since(Optional.empty(), 20, new ETag(10), row(20, 10)).isComplete()).isFalse();
    }
}
