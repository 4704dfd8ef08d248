package org.doctorbird.app.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.doctorbird.exchange.Site;
import org.jspecify.annotations.Nullable;

/// An application of a contract test on a real database: plain SQL on the application's tables.
final class PostgresSite implements Site {

    /// All of them point to parties.
    private static final List<String> REFERENCES = List.of("replaced_by", "party", "other");

    private final InstalledDatabase database;
    private final Map<String, List<String>> fields;

    /// @param fields the columns of each model, whose table has the model's name with `_` for `.`
    PostgresSite(InstalledDatabase database, Map<String, List<String>> fields) {
        this.database = database;
        this.fields = fields;
    }

    private static String table(String model) {
        return model.replace('.', '_');
    }

    @Override
    public UUID insert(String model, Map<String, @Nullable String> values) {
        try {
            String id = database.value(insertion(model, values));
            return PostgresRegion.uidOf(database.engine, table(model), id).orElseThrow();
        } catch (SQLException e) {
            throw new IllegalStateException("cannot insert", e);
        }
    }

    private String insertion(String model, Map<String, @Nullable String> values) {
        var names = new ArrayList<String>();
        var texts = new ArrayList<String>();
        values.forEach((name, value) -> {
            names.add(name);
            texts.add(expression(name, value));
        });
        return "insert into %s (%s) values (%s) returning id"
                .formatted(table(model), String.join(", ", names), String.join(", ", texts));
    }

    private static String expression(String name, @Nullable String value) {
        if (value == null) {
            return "null";
        }
        return REFERENCES.contains(name)
                ? "(select id from doctorbird.party_party where uid = '%s')".formatted(value)
                : Sql.literal(value);
    }

    @Override
    public Runnable insertLate(String model, Map<String, @Nullable String> values) {
        try {
            Connection late = database.database.connect();
            late.setAutoCommit(false);
            InstalledDatabase.rows(late, insertion(model, values));
            return () -> {
                try (late) {
                    late.commit();
                } catch (SQLException e) {
                    throw new IllegalStateException("cannot commit", e);
                }
            };
        } catch (SQLException e) {
            throw new IllegalStateException("cannot insert", e);
        }
    }

    @Override
    public void update(String model, UUID uid, Map<String, @Nullable String> values) {
        var settings = new ArrayList<String>();
        values.forEach((name, value) -> settings.add(name + " = " + expression(name, value)));
        run(
                "update %1$s set %2$s where id = (select id from doctorbird.%1$s where uid = '%3$s')"
                        .formatted(table(model), String.join(", ", settings), uid));
    }

    @Override
    public void delete(String model, UUID uid) {
        run(
                "delete from %1$s where id = (select id from doctorbird.%1$s where uid = '%2$s')"
                        .formatted(table(model), uid));
    }

    private void run(String sql) {
        try {
            database.run(sql);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot write", e);
        }
    }

    @Override
    public Optional<Map<String, String>> read(String model, UUID uid) {
        List<String> names = Objects.requireNonNull(fields.get(model));
        String columns = names.stream().map(PostgresSite::shown).collect(Collectors.joining(", "));
        try (var statement = database.application.createStatement();
                var rows =
                        statement.executeQuery(
                                "select %1$s from %2$s r join doctorbird.%2$s c on c.id = r.id where c.uid = '%3$s'"
                                        .formatted(columns, table(model), uid))) {
            if (!rows.next()) {
                return Optional.empty();
            }
            var values = new HashMap<String, String>();
            for (int i = 0; i < names.size(); i++) {
                String value = rows.getString(i + 1);
                if (value != null) {
                    values.put(names.get(i), value);
                }
            }
            return Optional.of(values);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot read", e);
        }
    }

    private static String shown(String field) {
        return REFERENCES.contains(field)
                ? "(select uid from doctorbird.party_party where id = r." + field + ")"
                : "r." + field;
    }

    @Override
    public void acceptAll() {
        run(
                """
                alter table party_party drop constraint party_party_note_check;
                alter table visit drop constraint visit_note_check
                """);
    }

    @Override
    public void passTime(Duration time) {
        run(
                "update doctorbird.engine_quarantine set next_try = next_try - interval '%d seconds'"
                        .formatted(time.toSeconds()));
    }

    @Override
    public void drop(String model, UUID uid) {
        run(
                "update doctorbird.engine_quarantine set dropped_at = clock_timestamp() where uid = '%s'"
                        .formatted(uid));
    }

    @Override
    public long parked() {
        return number("select count(*) from doctorbird.engine_parked");
    }

    @Override
    public long quarantined() {
        return number("select count(*) from doctorbird.engine_quarantine");
    }

    private long number(String sql) {
        try {
            return Long.parseLong(database.value(sql));
        } catch (SQLException e) {
            throw new IllegalStateException("cannot count", e);
        }
    }

    @Override
    public long waiting() {
        String sum =
                fields.keySet().stream()
                        .map(model ->
                                "(select count(*) from doctorbird.%s where last_synchronisation is null)"
                                        .formatted(table(model)))
                        .collect(Collectors.joining(" + ", "select ", ""));
        return number(sum);
    }
}
