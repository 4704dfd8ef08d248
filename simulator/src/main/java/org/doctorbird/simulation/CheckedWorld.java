package org.doctorbird.simulation;

import java.util.List;
import java.util.Map;
import org.doctorbird.exchange.CentralModels;
import org.doctorbird.record.InstanceId;

/// A world at rest that can be checked.
interface CheckedWorld {

    /// Returns what an instance's database holds.
    MemoryState committed(InstanceId id);

    List<InstanceId> satellites();

    CentralModels models();

    /// Says who should hold the records of central's state.
    Definition definition();

    /// Returns the last text that each instance's application wrote, by record and field: each line
    /// must be somewhere.
    Map<InstanceId, Map<String, String>> written();

    /// Returns the seed, and what happened last.
    String tail();
}
