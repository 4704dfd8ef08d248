package org.doctorbird.app.postgres;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.doctorbird.record.RecordKey;
import org.jspecify.annotations.Nullable;

/// Which records are here, that is, have a row.
final class Presence {

    private Presence() {}

    /// Returns those of the keys whose rows are here; keys of models outside the plan never are.
    static Set<RecordKey> present(
            Statements statements, TablesByModel tables, Collection<RecordKey> keys)
            throws SQLException {
        Map<String, List<UUID>> byModel = new LinkedHashMap<>();
        keys.stream()
                .filter(key -> tables.find(key.model()).isPresent())
                .forEach(key ->
                        byModel.computeIfAbsent(key.model(), _ -> new ArrayList<>())
                                .add(key.uid()));
        if (byModel.isEmpty()) {
            return Set.of();
        }
        var parameters = new ArrayList<@Nullable Object>();
        var sql = new ArrayList<String>();
        byModel.forEach((model, uids) -> {
            sql.add(
                    "select %s, uid from %s where uid = any(?) and id is not null"
                            .formatted(Sql.literal(model), tables.get(model).companion()));
            parameters.add(uids.toArray(UUID[]::new));
        });
        return new HashSet<>(
                statements.query(
                        String.join("\nunion all ", sql),
                        row -> new RecordKey(row.getString(1), row.getObject(2, UUID.class)),
                        parameters.toArray()));
    }

    /// Returns the condition that the record which two expressions name is here.
    static String condition(TablesByModel tables, String model, String uid) {
        if (tables.all().isEmpty()) {
            return "false";
        }
        return tables.all().stream()
                .map(table ->
                        """
                        when %s then exists (select 1 from %s r where r.uid = %s
                          and r.id is not null)\
                        """
                                .formatted(Sql.literal(table.model()), table.companion(), uid))
                .collect(Collectors.joining("\n", "case " + model + " ", " else false end"));
    }
}
