package org.doctorbird.demo;

import java.sql.SQLException;

/// Where a clinic's new rows go: into the database one by one, or gathered for a bulk load. The
/// caller owns the connection and the transaction behind it.
interface Ledger {

    /// Draws the id of a new row from the table's sequence.
    int newId(String table) throws SQLException;

    /// Adds a row whose references are already in the ledger, but for those that [#link] sets
    /// later.
    ///
    /// @return the row's id
    int insert(Row row) throws SQLException;

    /// Sets a reference that closes a circle, after both rows were inserted. It is part of creating
    /// the row: its `write_date` stays empty.
    void link(String table, int id, String column, int target) throws SQLException;

    /// Begins a row with a new id.
    default Row row(String table, Stamp stamp) throws SQLException {
        return new Row(table, newId(table), stamp);
    }
}
