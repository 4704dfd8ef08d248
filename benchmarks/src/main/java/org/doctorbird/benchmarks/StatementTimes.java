package org.doctorbird.benchmarks;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/// Where the servers' time goes: the statements that took longest, as `pg_stat_statements` counts
/// them. Costs some percent itself.
final class StatementTimes {

    private static final String DATABASE = "postgres";
    private static final int WIDTH = 150;

    private final List<Server> servers;
    private final Progress progress;

    /// @param servers that count their statements
    StatementTimes(List<Server> servers, Progress progress) throws SQLException {
        this.servers = servers;
        this.progress = progress;
        for (Server server : servers) {
            server.run(DATABASE, "create extension if not exists pg_stat_statements");
        }
    }

    /// Forgets what was counted.
    void begin() throws SQLException {
        for (Server server : servers) {
            server.run(DATABASE, "select pg_stat_statements_reset()");
        }
    }

    /// Tells what was counted since the beginning.
    void tell() throws SQLException {
        for (Server server : servers) {
            try (Connection connection = server.connect(DATABASE);
                    Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(query())) {
                progress.say("    ms  plan  calls     rows  statement");
                while (row.next()) {
                    progress.say(
                            "%6.0f %5.0f %6d %8d  %s"
                                    .formatted(
                                            row.getDouble(1),
                                            row.getDouble(2),
                                            row.getLong(3),
                                            row.getLong(4),
                                            row.getString(5)));
                }
            }
        }
    }

    private static String query() {
        return """
        select total_exec_time, total_plan_time, calls, rows,
          left(regexp_replace(query, '\\s+', ' ', 'g'), %d)
        from pg_stat_statements s join pg_database d on d.oid = s.dbid
        where d.datname <> '%s' and total_exec_time + total_plan_time >= 1
        order by total_exec_time + total_plan_time desc limit 25
        """
                .formatted(WIDTH, DATABASE);
    }
}
