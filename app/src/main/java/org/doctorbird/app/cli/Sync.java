package org.doctorbird.app.cli;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.doctorbird.ErrorCode;
import org.doctorbird.app.LoggingListener;
import org.doctorbird.app.satellite.Satellite;
import org.doctorbird.exchange.Cycle;
import org.doctorbird.exchange.ExchangeListener;
import org.doctorbird.record.InstanceId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `doctorbird sync`.
@Command(
        name = "sync",
        description = "On a satellite: runs one cycle, or a part of it, in the foreground.")
final class Sync implements Callable<Integer> {

    @Mixin private Common common = new Common();

    @Parameters(
            arity = "0..3",
            paramLabel = "PART",
            description = "push, pull, new; default: all three.")
    private List<Cycle.Work> parts = List.of();

    @Override
    public Integer call() {
        Set<Cycle.Work> chosen =
                parts.isEmpty() ? EnumSet.allOf(Cycle.Work.class) : EnumSet.copyOf(parts);
        var progress = new Progress();
        try (Satellite satellite = Satellite.open(common.settings(), progress)) {
            Cycle.Sum sum = satellite.synchronise(chosen);
            common.say(
                    "Pushed %,d changes; received %,d changes and %,d new records."
                            .formatted(sum.pushed(), sum.pulled(), sum.taken()));
            common.print(
                    Map.of("pushed", sum.pushed(), "pulled", sum.pulled(), "new", sum.taken()));
            return 0;
        }
    }

    /// One line a batch.
    private static final class Progress implements ExchangeListener {

        private final LoggingListener log = new LoggingListener();

        @Override
        public void batchDone(String work, String model, int records) {
            if (records > 0) {
                Common.progress("%-5s %,7d  %s".formatted(work, records, model));
            }
        }

        @Override
        public void recordKept(
                String model, UUID uid, InstanceId from, ErrorCode code, String reason) {
            log.recordKept(model, uid, from, code, reason);
        }
    }
}
