package org.doctorbird.app.cli;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.app.central.InstalledCentral;
import org.doctorbird.app.postgres.Participant;
import org.doctorbird.app.postgres.VerifyOrders;
import org.doctorbird.app.settings.Settings;
import org.doctorbird.exchange.VerifyReport;
import org.jspecify.annotations.Nullable;

/// `doctorbird verify --instance`, on central: leaves an order for the instance's next cycle and
/// waits a while for the report.
final class OrderVerification {

    private static final int LOOK_EVERY_MS = 500;

    private final Common common;
    private final Settings settings;

    OrderVerification(Common common, Settings settings) {
        this.common = common;
        this.settings = settings;
    }

    /// @return 1 if damage is left, if it could not be done, or if there is no report yet
    int run(
            @Nullable String nameOrId,
            List<String> models,
            boolean isDeep,
            boolean repairs,
            int waitSeconds) {
        if (nameOrId == null) {
            throw new SyncException(
                    ErrorCode.ROLE_WRONG,
                    "central compares nothing by itself: name one with --instance, or run it on the satellite");
        }
        try (var database = Common.database(settings)) {
            requireKnown(database.source(), models);
            try (Connection connection = database.source().getConnection()) {
                Participant instance = Participants.require(connection, nameOrId);
                var orders = new VerifyOrders(connection);
                long number = orders.place(instance.id().number(), models, isDeep, repairs);
                Common.progress(
                        "'%s' compares with its next cycle; waiting %d seconds for its report."
                                .formatted(instance.name(), waitSeconds));
                return tell(instance, await(orders, instance, number, waitSeconds));
            }
        } catch (SQLException e) {
            throw new SyncException(ErrorCode.DATABASE_UNREACHABLE, "cannot reach the database", e);
        }
    }

    private static void requireKnown(DataSource source, List<String> models) {
        var tables = InstalledCentral.load(source).tables();
        for (String model : models) {
            if (tables.stream().noneMatch(table -> table.model().equals(model))) {
                throw new SyncException(ErrorCode.MODEL_UNKNOWN, "the plan has no such model")
                        .with("model", model);
            }
        }
    }

    /// An order that somebody else has put in the place of this one is waited for as well.
    private static Optional<VerifyReport> await(
            VerifyOrders orders, Participant instance, long number, int waitSeconds) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(waitSeconds);
        Optional<VerifyReport> report = Optional.empty();
        while (report.isEmpty() && System.nanoTime() < end) {
            report =
                    orders.last(instance.id().number())
                            .filter(standing -> standing.order().number() >= number)
                            .flatMap(VerifyOrders.Standing::report);
            if (report.isEmpty()) {
                pause();
            }
        }
        return report;
    }

    private static void pause() {
        try {
            Thread.sleep(LOOK_EVERY_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SyncException(ErrorCode.DATABASE_UNREACHABLE, "broken off", e);
        }
    }

    private int tell(Participant instance, Optional<VerifyReport> report) {
        common.say(
                report.map(OrderVerification::words)
                        .orElse(
                                "No report yet. The order stands; 'instance show %s' tells when it has come."
                                        .formatted(instance.name())));
        var document = new LinkedHashMap<String, Object>();
        document.put("instance", instance.name());
        document.put("answered", report.isPresent());
        report.ifPresent(some -> document.putAll(document(some)));
        common.print(document);
        return report.filter(some -> some.left() == 0 && some.failure().isEmpty()).isPresent()
                ? 0
                : 1;
    }

    /// Says what came of an order.
    static String words(VerifyReport report) {
        if (report.failure().isPresent()) {
            return "Could not be done: %s.".formatted(report.failure().get());
        }
        if (report.damaged() == 0) {
            return "%,d records compared, no damage.".formatted(report.records());
        }
        return "%,d records compared, %,d damaged, %,d left%s."
                .formatted(
                        report.records(),
                        report.damaged(),
                        report.left(),
                        report.models().isEmpty()
                                ? ""
                                : " in " + String.join(", ", report.models()));
    }

    static Map<String, Object> document(VerifyReport report) {
        var document = new LinkedHashMap<String, Object>();
        document.put("records", report.records());
        document.put("damaged", report.damaged());
        document.put("left", report.left());
        document.put("models", report.models());
        report.failure().ifPresent(code -> document.put("failure", code));
        return document;
    }
}
