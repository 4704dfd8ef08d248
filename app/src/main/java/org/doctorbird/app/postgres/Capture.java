package org.doctorbird.app.postgres;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// What central and satellites do differently when they note changes of the application: the SQL
/// that the triggers and the adoption are made of.
///
/// The companion is `c` in all of them.
sealed interface Capture permits SatelliteCapture, CentralCapture {

    /// Returns the columns of a new companion row beyond `uid` and `id`, with their values.
    ///
    /// @param user the application's id of the user who made the row, an expression of type text
    /// @return in their order; begins each with a comma, such as `, etag`
    NewColumns newColumns(String user);

    /// Names and values for an insert, both beginning with a comma, or both empty.
    record NewColumns(String names, String values) {}

    /// Returns what an update sets when the row of a record is gone: `id = null, …`.
    String gone();

    /// Returns what an update sets besides `id` when a record that was deleted has a row again.
    ///
    /// @param user as for [#newColumns]
    String backAgain(String user);

    /// Says whether it is noted which user of the application made a change.
    boolean notesUsers();

    /// Returns the statement that notes that anything of any record may have changed unseen.
    String changedUnseen(SyncedTable table);

    /// Returns the statement that notes that columns have begun to travel: of each record that has
    /// something in one of them, nobody else knows it.
    ///
    /// @param fields the columns, 1 or more
    String begunToTravel(SyncedTable table, List<SyncedColumn> fields);

    /// Returns the statements that note an update, each ended by a semicolon.
    ///
    /// @param areKeysMoved the statement changed keys
    List<String> update(SyncedTable table, boolean areKeysMoved);

    /// Returns the statement that notes the deletion of the rows in `old_rows`.
    String delete(SyncedTable table);

    /// Returns the statement that notes that the engine has deleted the rows in `old_rows`; empty
    /// text if it notes that itself.
    String deletedByEngine(SyncedTable table);

    /// Returns the indexes of a companion besides its keys: what they are on, by the ending of
    /// their names.
    Map<String, String> indexes();

    /// Returns how this role notes changes.
    ///
    /// @param companions the companions' quoted names by model, for references
    static Capture of(Role role, Map<String, String> companions) {
        return switch (role) {
            case SATELLITE -> new SatelliteCapture();
            case CENTRAL -> new CentralCapture(companions);
        };
    }

    /// Returns a condition on a row `t` of the table: one of the columns has a value.
    static String isAnyFilled(List<SyncedColumn> fields) {
        return fields.stream()
                .map(field -> "t." + Sql.identifier(field.name()) + " is not null")
                .collect(Collectors.joining(" or ", "(", ")"));
    }
}
