package org.doctorbird.app.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import org.doctorbird.app.testing.TestPostgres;
import org.doctorbird.codec.Natural;
import org.doctorbird.record.FieldKind;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The texts that the codec makes are PostgreSQL's own.
final class NaturalOnPostgresTest {

    private static final int COUNT = 5_000;

    /// Returns the texts as the server writes them after a cast.
    private static List<String> castTo(String type, List<@Nullable String> texts)
            throws SQLException {
        var casts = new ArrayList<String>();
        try (Connection connection = TestPostgres.NEWEST.freshDatabase().connect();
                Statement setting = connection.createStatement();
                PreparedStatement statement =
                        connection.prepareStatement(
                                "select (t::"
                                        + type
                                        + ")::text from unnest(?) with ordinality u(t, n) order by n")) {
            setting.execute("set intervalstyle = postgres");
            statement.setArray(1, connection.createArrayOf("text", texts.toArray()));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    casts.add(rows.getString(1));
                }
            }
        }
        return casts;
    }

    private static List<String> differing(List<String> server, List<@Nullable String> ours) {
        return IntStream.range(0, server.size())
                .filter(i -> !server.get(i).equals(ours.get(i)))
                .mapToObj(i -> server.get(i) + " is not " + ours.get(i))
                .toList();
    }

    private static RandomGenerator random() {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(Long.getLong("seed", 11L));
    }

    @Test
    void doublesHavePostgresqlsText() throws SQLException {
        RandomGenerator random = random();
        var texts = new ArrayList<@Nullable String>();
        for (int i = 0; i < COUNT; i++) {
            double usual = Math.rint(random.nextGaussian() * 1e6) / 1e3;
            texts.add(Natural.text(usual * Math.pow(10, random.nextInt(-20, 8))));
        }
        assertThat(differing(castTo("double precision", texts), texts)).isEmpty();
    }

    /// Halfway between two numbers the server writes more digits than needed; the number is the
    /// same.
    @Test
    void everyDoubleIsTheSameNumberOnTheServer() throws SQLException {
        RandomGenerator random = random();
        var texts = new ArrayList<@Nullable String>();
        for (int i = 0; i < COUNT; i++) {
            texts.add(Natural.text(Double.longBitsToDouble(random.nextLong())));
        }
        List<String> server = castTo("double precision", texts);
        assertThat(server.stream().map(Double::valueOf).toList())
                .isEqualTo(
                        texts.stream().map(text -> Double.valueOf(String.valueOf(text))).toList());
        assertThat(differing(server, texts)).hasSizeLessThan(COUNT / 100);
    }

    @Test
    void mostFloatsOfTheServerTravelAsNumbers() throws SQLException {
        var texts = new ArrayList<@Nullable String>();
        for (int i = 0; i < COUNT; i++) {
            texts.add(Integer.toString(i * 37) + "." + i);
        }
        assertThat(castTo("real", texts))
                .filteredOn(text -> Natural.of(FieldKind.FLOAT, text) instanceof String)
                .isEmpty();
    }

    @Test
    void spansHavePostgresqlsText() throws SQLException {
        RandomGenerator random = random();
        var texts = new ArrayList<@Nullable String>();
        for (int i = 0; i < COUNT; i++) {
            long unit = List.of(1L, 500_000L, 60_000_000L, 86_400_000_000L).get(random.nextInt(4));
            texts.add(Natural.text(Duration.ofNanos(random.nextLong(-200, 200) * unit * 1_000)));
        }
        assertThat(differing(castTo("interval", texts), texts)).isEmpty();
    }
}
