package org.doctorbird.benchmarks;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/// All cases. To add one: write a class that is a [Case], and name it here.
final class Cases {

    /// By name, in the order in which they run.
    static final Map<String, Supplier<Case>> ALL = all();

    private Cases() {}

    private static Map<String, Supplier<Case>> all() {
        var cases = new LinkedHashMap<String, Supplier<Case>>();
        cases.put("W1", Upload::atOnce);
        cases.put("W1b", Upload::inGroups);
        cases.put("W2", SmallUpdate::new);
        cases.put("W3", IdleCycle::new);
        cases.put("W4", FourQuarters::new);
        cases.put("W5", OneInsert::new);
        cases.put("capture", CaptureCost::new);
        cases.put("memory", ResidentMemory::new);
        cases.put("interest", Moves::new);
        cases.put("scale", Scale::new);
        return Collections.unmodifiableMap(cases);
    }

    /// Measures.
    ///
    /// @param servers new ones
    /// @param chosen names of cases; empty: all
    /// @throws IllegalStateException if work was not done, or not rightly
    static List<Result> measure(
            Servers servers, Size size, int rounds, Set<String> chosen, Progress progress)
            throws IOException, SQLException, InterruptedException {
        Clinic.found(servers.central());
        Clinic.found(servers.satellite());
        var results = new ArrayList<Result>();
        try (var stores = new Stores(servers, size.stored(), progress)) {
            var bench = new Bench(servers, size, rounds, stores, progress);
            for (var some : ALL.entrySet()) {
                if (chosen.isEmpty() || chosen.contains(some.getKey())) {
                    results.add(some.getValue().get().measure(bench));
                }
            }
        }
        return results;
    }
}
