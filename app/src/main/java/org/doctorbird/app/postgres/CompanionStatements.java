package org.doctorbird.app.postgres;

import java.sql.SQLException;
import java.util.List;

/// Writes the engine's side of staged rows: what central and a satellite do differently.
interface CompanionStatements {

    /// Makes companions of records that have none, before their rows: so a record that another
    /// transaction makes at the same time is noticed here and not as a taken unique key.
    ///
    /// @throws SQLException `40001` if another transaction made one of them
    void make(List<StagedRow> rows) throws SQLException;

    /// Notes what the rows of known records hold, before it is overwritten.
    void keepHistory(List<StagedRow> rows) throws SQLException;

    /// Brings the companions of known records up to date, after their rows.
    void update(List<StagedRow> rows) throws SQLException;

    /// Returns the companion's columns that [#append] fills when a record is new here.
    List<String> copied();

    /// Says whether a new record's companion can be copied.
    boolean canCopy(StagedRow row);

    /// Adds the companion of a record that is new here and has a row.
    ///
    /// @param transaction the current one's number, as text
    void append(CopyText text, StagedRow row, String transaction);
}
