package org.doctorbird.simulation;

import java.util.List;
import org.doctorbird.plan.InterestGraph;
import org.doctorbird.record.Fields;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.InstanceSet;

/// What decides at central, in memory, who should hold which record.
///
/// @param graph how interest flows
/// @param instances those that take part
/// @param rule says of a record of any restricted model whether the condition holds for an instance
record MemoryRules(InterestGraph graph, List<InstanceId> instances, Rule rule) {

    /// Everybody gets everything.
    static final MemoryRules ALL =
            new MemoryRules(InterestGraph.of(List.of(), List.of()), List.of(), (_, _, _) -> false);

    /// A condition of the plan.
    interface Rule {
        boolean holds(String model, Fields fields, InstanceId instance);
    }

    InstanceSet ruled(String model, Fields fields) {
        InstanceSet ruled = InstanceSet.EMPTY;
        for (InstanceId instance : instances) {
            if (rule.holds(model, fields, instance)) {
                ruled = ruled.with(instance);
            }
        }
        return ruled;
    }

    InstanceSet everybody() {
        InstanceSet all = InstanceSet.EMPTY;
        for (InstanceId instance : instances) {
            all = all.with(instance);
        }
        return all;
    }
}
