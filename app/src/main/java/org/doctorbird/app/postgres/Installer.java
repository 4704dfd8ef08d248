package org.doctorbird.app.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.app.postgres.InstallReport.Change;
import org.doctorbird.app.postgres.InstallReport.ModelReport;
import org.doctorbird.app.postgres.SyncedTable.UidSource;
import org.doctorbird.plan.DependencyOrder;
import org.doctorbird.plan.Plan;
import org.doctorbird.record.ModelShape;

/// Makes a database take part: the engine's schema, companions, triggers, and companions for the
/// rows that are there.
///
/// Repeatable: a second installation finds what is there and changes what differs. Each model has a
/// transaction of its own; an installation that stops half-way is completed by the next one, and
/// until then [Installation#read] says `NOT_INSTALLED`. Several at a time wait for each other.
public final class Installer {

    /// How long a lock on one of the application's tables is waited for. Meanwhile the
    /// application's own writers queue up behind the installer.
    private static final String SETTINGS =
            """
            set transaction isolation level read committed, read write;
            set local lock_timeout = '10s';
            set local search_path = pg_catalog;
            set local datestyle = 'ISO';
            set local intervalstyle = 'postgres';
            set local timezone = 'UTC';
            set local bytea_output = 'hex';
            set local extra_float_digits = 1;
            """;

    /// Any number that no other program takes; PostgreSQL's advisory locks have no names.
    static final long LOCK = 0x446f63746f726269L;

    private final Connection connection;
    private final Statements statements;
    private final Role role;

    private Installer(Connection connection, Role role) {
        this.connection = connection;
        this.statements = new Statements(connection);
        this.role = role;
    }

    /// Installs central, or brings it up to date with a plan.
    ///
    /// @param connection no transaction may be open; its auto-commit is as before afterwards
    /// @param planText the plan file
    /// @param plan the same, read
    /// @throws SyncException `PLAN_DOES_NOT_FIT`, `RIGHTS_MISSING`, `INSTALLED_NEWER`, `ROLE_WRONG`
    ///   if a satellite is installed here; nothing has changed then. `WRITES_COLLIDED` if the
    ///   application held a table for too long; what was done until then stays, and another
    ///   installation goes on
    public static InstallReport installCentral(Connection connection, String planText, Plan plan) {
        return new Installer(connection, Role.CENTRAL).install(planText, plan, Optional.empty());
    }

    /// Installs a satellite, or brings it up to date with the plan that central gave.
    ///
    /// @param planVersion central's version of the plan
    /// @throws SyncException as [#installCentral]
    public static InstallReport installSatellite(
            Connection connection, String planText, Plan plan, String planVersion) {
        return new Installer(connection, Role.SATELLITE)
                .install(planText, plan, Optional.of(planVersion));
    }

    /// Removes every trace: triggers, functions, companions, the schema, and the extensions
    /// pgcrypto and pg_trgm if the installer created them. Repeatable, also after an installation
    /// or a removal that stopped half-way.
    ///
    /// @param connection no transaction may be open
    /// @return false if nothing was there
    public static boolean uninstall(Connection connection) {
        try {
            return Removal.run(connection);
        } catch (SQLException e) {
            throw SqlFailures.translate(e, "cannot uninstall");
        }
    }

    private InstallReport install(String planText, Plan plan, Optional<String> planVersion) {
        try {
            boolean isAutoCommit = connection.getAutoCommit();
            connection.setAutoCommit(true);
            statements.query("select pg_advisory_lock(?)", _ -> true, LOCK);
            try {
                connection.setAutoCommit(false);
                return locked(planText, plan, planVersion);
            } finally {
                release(isAutoCommit);
            }
        } catch (SQLException e) {
            throw SqlFailures.translate(e, "cannot install");
        }
    }

    private void release(boolean isAutoCommit) throws SQLException {
        if (!connection.isClosed()) {
            connection.rollback();
            connection.setAutoCommit(true);
            statements.query("select pg_advisory_unlock(?)", _ -> true, LOCK);
            connection.setAutoCommit(isAutoCommit);
        }
    }

    private InstallReport locked(String planText, Plan plan, Optional<String> planVersion)
            throws SQLException {
        var schema = new EngineSchema(connection);
        schema.requireKnown();
        requireRole(schema);
        Catalogue catalogue = Catalogue.read(connection);
        List<SyncedTable> tables = parentsFirst(SyncedTables.of(plan, catalogue));
        new Rights(statements).require(tables);
        Capture capture = Capture.of(role, companions(tables));
        List<TableCapture> captures =
                tables.stream().map(table -> captureOf(table, capture, catalogue)).toList();
        connection.rollback();

        prepare(schema, tables, captures);
        var reports = new ArrayList<ModelReport>();
        for (TableCapture table : captures) {
            statements.execute(SETTINGS);
            reports.add(table.bringUpToDate());
            connection.commit();
        }
        var byModel = new TablesByModel(tables);
        List<String> unindexed =
                role == Role.CENTRAL
                        ? new InterestIndexes(connection).bringUpToDate(byModel, SETTINGS)
                        : List.of();
        reports.addAll(removeOthers(tables));
        statements.execute(SETTINGS);
        if (role == Role.CENTRAL) {
            boolean isUnseen = reports.stream().anyMatch(report -> report.change() != Change.NONE);
            new InterestActivation(statements, byModel).run(isUnseen);
        }
        String version = planVersion.orElseGet(() -> PlanVersion.of(planText, tables));
        complete(planText, version);
        return new InstallReport(reports, unindexed);
    }

    private void requireRole(EngineSchema schema) throws SQLException {
        if (!schema.isThere()) {
            return;
        }
        Optional<String> installed = new EngineMeta(statements).get("role");
        if (installed.isPresent() && !installed.get().equals(role.word())) {
            throw new SyncException(
                            ErrorCode.ROLE_WRONG, "the database is installed in the other role")
                    .with("installed", installed.get());
        }
    }

    private TableCapture captureOf(SyncedTable table, Capture capture, Catalogue catalogue) {
        boolean isUidUnique =
                table.plan()
                        .uniqueIdColumn()
                        .map(column ->
                                catalogue
                                        .table(table.plan().table())
                                        .orElseThrow()
                                        .isUnique(column))
                        .orElse(true);
        return new TableCapture(statements, table, capture, isUidUnique);
    }

    private static List<SyncedTable> parentsFirst(List<SyncedTable> tables) {
        Map<String, SyncedTable> byModel = new HashMap<>();
        tables.forEach(table -> byModel.put(table.model(), table));
        return DependencyOrder.of(tables.stream().map(SyncedTable::shape).toList()).stream()
                .map(ModelShape::model)
                .flatMap(model -> Optional.ofNullable(byModel.get(model)).stream())
                .toList();
    }

    private static Map<String, String> companions(List<SyncedTable> tables) {
        var companions = new HashMap<String, String>();
        tables.forEach(table -> companions.put(table.model(), table.companion()));
        return companions;
    }

    /// Makes everything that concerns no table of the application. Triggers read companions of
    /// other models, so all of these come before the first trigger.
    private void prepare(EngineSchema schema, List<SyncedTable> tables, List<TableCapture> captures)
            throws SQLException {
        statements.execute(SETTINGS);
        schema.bringUpToDate();
        var metas = new EngineMeta(statements);
        metas.put("role", role.word());
        metas.putRandom("incarnation");
        if (role == Role.CENTRAL) {
            metas.putRandom("epoch");
        }
        if (tables.stream().anyMatch(table -> table.uidSource() == UidSource.NATURAL_KEY)) {
            new NaturalKeys(statements).install();
        }
        if (role == Role.CENTRAL && SearchIndex.isNeeded(tables)) {
            new SearchIndex(statements).install();
        }
        for (TableCapture table : captures) {
            table.createCompanion();
        }
        connection.commit();
    }

    private record Captured(String companion, String model) {}

    /// Ends the capture of models that left the plan. Their companions stay: they know which record
    /// is which when the model comes back.
    private List<ModelReport> removeOthers(List<SyncedTable> tables) throws SQLException {
        List<Captured> others =
                statements.query(
                        """
                        select companion, model from doctorbird.engine_capture
                        where definition is not null and companion <> all (?::text[])
                        order by companion collate "C"
                        """,
                        row -> new Captured(row.getString(1), row.getString(2)),
                        (Object)
                                tables.stream()
                                        .map(SyncedTable::companionName)
                                        .toArray(String[]::new));
        connection.rollback();
        var reports = new ArrayList<ModelReport>();
        for (Captured other : others) {
            statements.execute(SETTINGS);
            Removal.dropFunctions(statements, other.companion());
            statements.update(
                    "update doctorbird.engine_capture set definition = null where companion = ?",
                    other.companion());
            connection.commit();
            reports.add(new ModelReport(other.model(), Change.REMOVED, 0));
        }
        return reports;
    }

    private void complete(String planText, String planVersion) throws SQLException {
        var metas = new EngineMeta(statements);
        metas.put("fingerprint", Fingerprint.of(statements));
        metas.put("plan", planText);
        metas.put("plan_version", planVersion);
        // What was refused may fit now.
        var _ = new Quarantine(statements).makeAllDue();
        connection.commit();
    }
}
