package org.doctorbird.simulation;

import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.comparison.ComparisonQuery;
import org.doctorbird.comparison.HeldVersion;
import org.doctorbird.comparison.RangeFingerprint;
import org.doctorbird.exchange.BatchLimit;
import org.doctorbird.exchange.CentralCalls;
import org.doctorbird.exchange.Feed;
import org.doctorbird.exchange.Found;
import org.doctorbird.exchange.Greeting;
import org.doctorbird.exchange.Hello;
import org.doctorbird.exchange.Link;
import org.doctorbird.exchange.Page;
import org.doctorbird.exchange.PinRequest;
import org.doctorbird.exchange.PlanGiven;
import org.doctorbird.exchange.PushAnswer;
import org.doctorbird.exchange.Receipt;
import org.doctorbird.exchange.SearchQuery;
import org.doctorbird.exchange.UnknownVersion;
import org.doctorbird.exchange.VerifyReport;
import org.doctorbird.exchange.Withdrawal;
import org.doctorbird.record.Cursor;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.PushedRecord;

/// A way to central that loses requests and answers, sends requests twice, and sends some once more
/// much later.
final class FaultyLink implements Link {

    private final InstanceId caller;
    private final CentralCalls central;
    private final Disturbance disturbance;

    /// What happens around a call.
    interface Disturbance {
        /// Decides whether a request is lost, an answer is lost, or a request is doubled.
        boolean happens();

        /// Called while a request is on its way, and again while its answer is.
        void meanwhile();

        /// Sends a request once more, some time, within the same session.
        void later(InstanceId caller, Runnable request);

        /// All sessions of an instance have ended: what is still under way is refused.
        void endSessions(InstanceId caller);
    }

    FaultyLink(InstanceId caller, CentralCalls central, Disturbance disturbance) {
        this.caller = caller;
        this.central = central;
        this.disturbance = disturbance;
    }

    private <T> T call(Supplier<T> request) {
        if (happens()) {
            throw new SyncException(ErrorCode.CENTRAL_UNREACHABLE, "the request was lost");
        }
        disturbance.meanwhile();
        T answer = answered(request);
        if (happens()) {
            answer = answered(request);
        }
        if (happens()) {
            disturbance.later(caller, () -> ignored(request));
        }
        disturbance.meanwhile();
        if (happens()) {
            throw new SyncException(ErrorCode.CENTRAL_UNREACHABLE, "the answer was lost");
        }
        return answer;
    }

    private static <T> T answered(Supplier<T> request) {
        try {
            return request.get();
        } catch (MemoryDatabase.Broken e) {
            throw new SyncException(ErrorCode.CENTRAL_FAILED, "central broke", e);
        }
    }

    private static void ignored(Supplier<?> request) {
        try {
            Object answer = request.get();
            java.util.Objects.requireNonNull(answer);
        } catch (MemoryDatabase.Broken | SyncException e) {
            // Nobody waits for the answer of a request that comes a second time.
        }
    }

    private boolean happens() {
        return disturbance.happens();
    }

    @Override
    public Greeting begin(Hello hello) {
        return call(() -> central.begin(caller, hello));
    }

    @Override
    public void resync(UUID incarnation) {
        call(() -> {
            try {
                central.resync(caller, incarnation);
            } finally {
                disturbance.endSessions(caller);
            }
            return 0;
        });
    }

    @Override
    public List<UnknownVersion> present(String model, List<Receipt> held) {
        return call(() -> central.present(caller, model, held));
    }

    @Override
    public PlanGiven plan() {
        return call(() -> central.plan(caller));
    }

    @Override
    public List<PushAnswer> push(String model, List<PushedRecord> records) {
        return call(() -> central.push(caller, model, records));
    }

    @Override
    public Page read(String model, Feed feed, Cursor after, BatchLimit limit) {
        return call(() -> central.read(caller, model, feed, after, limit));
    }

    @Override
    public int acknowledge(String model, List<Receipt> receipts) {
        return call(() -> central.acknowledge(caller, model, receipts));
    }

    @Override
    public int acknowledgeWithdrawn(String model, List<Withdrawal> withdrawn) {
        return call(() -> central.acknowledgeWithdrawn(caller, model, withdrawn));
    }

    @Override
    public List<Found> search(String model, SearchQuery query) {
        return call(() -> central.search(caller, model, query));
    }

    @Override
    public int pin(String model, PinRequest request) {
        return call(() -> central.pin(caller, model, request));
    }

    @Override
    public int release(String model, List<UUID> uids) {
        return call(() -> central.release(caller, model, uids));
    }

    @Override
    public List<String> why(String model, UUID uid) {
        return call(() -> central.why(caller, model, uid));
    }

    @Override
    public List<List<RangeFingerprint>> fingerprints(List<ComparisonQuery> queries) {
        return call(() -> central.fingerprints(caller, queries));
    }

    @Override
    public List<HeldVersion> versions(ComparisonQuery query) {
        return call(() -> central.versions(caller, query));
    }

    @Override
    public void verified(VerifyReport report) {
        call(() -> {
            central.verified(caller, report);
            return 0;
        });
    }

    @Override
    public int giveAgain(String model, List<UUID> uids) {
        return call(() -> central.giveAgain(caller, model, uids));
    }
}
