package org.doctorbird.app.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.doctorbird.exchange.Site;
import org.jspecify.annotations.Nullable;

/// An application of a contract test on a real database: plain SQL on the application's tables.
final class PostgresSite implements Site {

    private static final List<String> REFERENCES = List.of("replaced_by", "party");

    private final InstalledDatabase database;
    private final UnaryOperator<String> tables;

    PostgresSite(InstalledDatabase database, UnaryOperator<String> tables) {
        this.database = database;
        this.tables = tables;
    }

    @Override
    public UUID insert(String model, Map<String, @Nullable String> values) {
        try {
            String id = database.value(insertion(model, values));
            return PostgresExchangeTest.uidOf(database.engine, tables.apply(model), id)
                    .orElseThrow();
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
                .formatted(tables.apply(model), String.join(", ", names), String.join(", ", texts));
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
                        .formatted(tables.apply(model), String.join(", ", settings), uid));
    }

    @Override
    public void delete(String model, UUID uid) {
        run(
                "delete from %1$s where id = (select id from doctorbird.%1$s where uid = '%2$s')"
                        .formatted(tables.apply(model), uid));
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
        boolean isParty = model.equals("party.party");
        List<String> names =
                isParty ? List.of("name", "note", "replaced_by") : List.of("note", "party");
        String columns =
                isParty
                        ? "r.name, r.note, (select uid from doctorbird.party_party where id = r.replaced_by)"
                        : "r.note, (select uid from doctorbird.party_party where id = r.party)";
        try (var statement = database.application.createStatement();
                var rows =
                        statement.executeQuery(
                                "select %1$s from %2$s r join doctorbird.%2$s c on c.id = r.id where c.uid = '%3$s'"
                                        .formatted(columns, tables.apply(model), uid))) {
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

    @Override
    public long waiting() {
        try {
            return Long.parseLong(
                    database.value(
                            """
                            select (select count(*) from doctorbird.party_party where last_synchronisation is null)
                                 + (select count(*) from doctorbird.visit where last_synchronisation is null)
                            """));
        } catch (SQLException e) {
            throw new IllegalStateException("cannot count", e);
        }
    }
}
