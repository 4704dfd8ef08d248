package org.doctorbird.app.postgres;

import java.sql.SQLException;
import java.util.Collection;
import java.util.UUID;
import org.doctorbird.app.postgres.TablesByModel.Pointer;
import org.doctorbird.interest.Due;
import org.doctorbird.plan.InterestGraph;
import org.doctorbird.plan.InterestGraph.Edge;

/// What central does when records are stored that a satellite does not.
///
/// @param tables all of the plan
record CentralSide(Statements statements, TablesByModel tables) implements RecordWriter.Side {

    @Override
    public CompanionStatements companions(SyncedTable table, StagingTable staging) {
        return new CentralCompanions(statements, tables, table, staging);
    }

    /// A reference that is completed makes no version, so that no collection would find it.
    @Override
    public void completed(Pointer pointer, Collection<UUID> uids, Collection<UUID> targets)
            throws SQLException {
        InterestGraph graph = tables.graph();
        var list = new InterestList(statements, tables);
        String model = pointer.table().model();
        String target = pointer.column().references().orElseThrow();
        var edge = new Edge(model, pointer.column().name(), target);
        if (graph.followedBy(model).contains(edge)) {
            list.add(model, Due.Kind.DIRECT, uids);
        }
        if (graph.broughtBy(model).contains(edge)) {
            list.add(target, Due.Kind.DIRECT, targets);
        }
        if (graph.alongWith(model).contains(edge)) {
            list.add(target, Due.Kind.WHOLE, targets);
        }
    }
}
