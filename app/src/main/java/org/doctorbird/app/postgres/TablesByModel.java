package org.doctorbird.app.postgres;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.plan.InterestGraph;

/// The tables of the plan by model, and which columns point to which model. Immutable.
final class TablesByModel {

    private final Map<String, SyncedTable> tables = new LinkedHashMap<>();
    private final Map<String, List<Pointer>> pointers = new HashMap<>();
    private final InterestGraph graph;
    private final String interestRules;

    /// A column that points to records of a model.
    record Pointer(SyncedTable table, SyncedColumn column) {}

    /// @param tables all of the plan, no model twice
    TablesByModel(Collection<SyncedTable> tables) {
        for (SyncedTable table : tables) {
            this.tables.put(table.model(), table);
            for (SyncedColumn column : table.columns()) {
                column.references()
                        .ifPresent(target ->
                                pointers.computeIfAbsent(target, _ -> new ArrayList<>())
                                        .add(new Pointer(table, column)));
            }
        }
        this.graph =
                InterestGraph.of(
                        tables.stream().map(SyncedTable::plan).toList(),
                        tables.stream().map(SyncedTable::shape).toList());
        this.interestRules = InterestRules.fingerprint(tables, graph);
    }

    /// Returns the table of a model.
    ///
    /// @throws SyncException `MODEL_UNKNOWN`
    SyncedTable get(String model) {
        return find(model)
                .orElseThrow(() ->
                        new SyncException(ErrorCode.MODEL_UNKNOWN, "no such model in the plan")
                                .with("model", model));
    }

    Optional<SyncedTable> find(String model) {
        return Optional.ofNullable(tables.get(model));
    }

    /// Returns how interest flows between the models.
    InterestGraph graph() {
        return graph;
    }

    /// Returns a text that changes with the rules of interest.
    String interestRules() {
        return interestRules;
    }

    /// Returns all tables in the order of the plan.
    Collection<SyncedTable> all() {
        return tables.values();
    }

    /// Returns a travelling column of a table.
    ///
    /// @throws IllegalArgumentException if the table has no such column; a shape of another
    ///   database was used then
    static SyncedColumn column(SyncedTable table, String name) {
        return table.columns().stream()
                .filter(column -> column.name().equals(name))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "no field " + name + " in model " + table.model()));
    }

    /// Returns the columns that point to a model.
    List<Pointer> pointersTo(String model) {
        return pointers.getOrDefault(model, List.of());
    }

    /// Returns the tables whose records point to a model, directly or by others in between.
    Set<SyncedTable> hangingOn(String model) {
        var hanging = new LinkedHashSet<SyncedTable>();
        var waiting = new ArrayDeque<>(List.of(model));
        while (!waiting.isEmpty()) {
            for (Pointer pointer : pointersTo(waiting.remove())) {
                if (hanging.add(pointer.table())) {
                    waiting.add(pointer.table().model());
                }
            }
        }
        return hanging;
    }
}
