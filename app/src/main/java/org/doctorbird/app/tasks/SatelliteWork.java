package org.doctorbird.app.tasks;

import java.util.List;
import java.util.Map;
import org.doctorbird.exchange.Cycle;
import org.doctorbird.exchange.Greeting;
import org.doctorbird.exchange.UidRange;

/// The pieces of a satellite's cycle, each of which may be run twice, late, or by two workers at
/// once without harm.
public interface SatelliteWork {

    /// Greets central and brings the plan up to date.
    Greeting begin();

    /// Returns the models that have work of a kind, each after those it refers to.
    ///
    /// @param work what comes from central; for what goes there see [#waiting]
    List<String> due(Cycle.Work work, Greeting greeting);

    /// Returns how many changes wait to be pushed, by model: those that have any, each after those
    /// it refers to.
    Map<String, Long> waiting();

    /// Returns how many records a batch of the model has.
    int batch(String model);

    /// Runs one kind of work on one model to its end.
    ///
    /// @return how many records
    long run(Cycle.Work work, String model);

    /// Pushes one slice of a model.
    ///
    /// @return how many records
    long push(String model, UidRange range);

    /// Takes the new records of these models in one transaction, if there are few enough; otherwise
    /// the first of them.
    ///
    /// @return false if there is more, to be taken model by model
    boolean takeNewTogether(List<String> due);

    /// Removes withdrawn records, stores parked records of which nothing is missing any more, and
    /// does what [#retryRefused] does.
    void finish();

    /// Tries central's versions in quarantine again whose time has come.
    void retryRefused();

    /// Compares what central wants compared, if it wants anything, and reports.
    void verifyAsOrdered();

    /// Compares all models with central, without their values, and notes the result.
    void verify();
}
