package org.doctorbird.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import java.util.UUID;
import org.doctorbird.exchange.UidRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {

    @Test
    void eTagsGrowEvenWhenTheClockStandsStillOrStepsBack() {
        var before = new ETag(1_000);

        assertThat(ETag.next(Optional.of(before), before)).isEqualTo(new ETag(1_001));
        assertThat(ETag.next(Optional.of(before), new ETag(3))).isEqualTo(new ETag(1_001));
        assertThat(ETag.next(Optional.of(before), new ETag(2_000))).isEqualTo(new ETag(2_000));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 999_999, 1_000_000, 1_795_374_739_679_320L})
    void eTagsKeepTheirMicroseconds(long micros) {
        assertThat(ETag.parse(new ETag(micros).text())).isEqualTo(new ETag(micros));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "1.5", "1795374739,679320", "x.000000", "-1.000000"})
    void eTagsRefuseOtherTexts(String text) {
        assertThatThrownBy(() -> ETag.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void instanceSetsIgnoreTrailingZeros() {
        assertThat(InstanceSet.parse("0100")).isEqualTo(InstanceSet.parse("01"));
        assertThat(InstanceSet.EMPTY.with(new InstanceId(3)).toBitString()).isEqualTo("0001");
        assertThat(InstanceSet.parse("0001").contains(new InstanceId(3))).isTrue();
        assertThat(InstanceSet.parse("0001").without(new InstanceId(3)))
                .isEqualTo(InstanceSet.EMPTY);
    }

    @Test
    void uidsAreOrderedAsPostgresOrdersThem() {
        var low = UUID.fromString("00000000-0000-0000-0000-000000000001");
        var high = UUID.fromString("f0000000-0000-0000-0000-000000000000");

        assertThat(Uids.ORDER.compare(low, high)).isNegative();
    }

    /// Python: `uuid.uuid5(uuid.UUID('5f1d7c0e-9a34-4a6e-8b0b-d0c7042b12d1'),
    /// 'country.country:JM')`.
    @Test
    void uidsOfNaturalKeysAreVersionFive() {
        UUID uid = Uids.ofNaturalKey("country.country", "JM");

        assertThat(uid).hasToString("7be87931-ef4e-534e-b910-2d0174398a9c");
        assertThat(uid.version()).isEqualTo(5);
        assertThat(uid.variant()).isEqualTo(2);
    }

    @Test
    void cursorsAreOrderedByTransactionFirst() {
        var early = new Cursor(7, new UUID(-1, -1));
        var late = new Cursor(8, Uids.FIRST);

        assertThat(early).isLessThan(late);
        assertThat(Cursor.parse(early.text())).isEqualTo(early);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 16, 256})
    void slicesCoverAllUidsWithoutGapOrOverlap(int slices) {
        var ranges = UidRange.cut(slices);

        assertThat(ranges.getFirst().first()).isEqualTo(UidRange.ALL.first());
        assertThat(ranges.getLast().last()).isEqualTo(UidRange.ALL.last());
        for (int i = 1; i < ranges.size(); i++) {
            UUID before = ranges.get(i - 1).last();
            assertThat(before.getLeastSignificantBits()).isEqualTo(-1);
            assertThat(ranges.get(i).first())
                    .isEqualTo(new UUID(before.getMostSignificantBits() + 1, 0));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 4096})
    void synchronisationIdsHaveARange(int number) {
        assertThatThrownBy(() -> new InstanceId(number))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
