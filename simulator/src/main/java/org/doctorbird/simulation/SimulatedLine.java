package org.doctorbird.simulation;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.app.message.MethodCall;
import org.doctorbird.app.message.MethodResponse;
import org.doctorbird.codec.RemoteLink;
import org.jspecify.annotations.Nullable;

/// A clinic's way to central: it takes time, costs bytes, and loses, doubles, delays and damages
/// messages.
final class SimulatedLine implements RemoteLink.Carrier {

    /// When a caller gives up.
    private static final long TIMEOUT_MICROS = 60_000_000;

    private static final long LATE_MICROS_MAX = 2 * 3_600_000_000L;

    /// What older programs do not send.
    private static final List<String> NEWER_MEMBERS =
            List.of("contacts", "last_contact", "this_contact");

    private final Region region;
    private final Clinic clinic;
    private final double lossy;
    private final double doubled;
    private final double late;
    private final double damaged;

    SimulatedLine(Region region, Clinic clinic) {
        this.region = region;
        this.clinic = clinic;
        Profile profile = region.profile();
        this.lossy = clinic.line().loss();
        this.doubled = profile.value("doubled_per_mille") / 1_000;
        this.late = profile.value("late_per_mille") / 1_000;
        this.damaged = profile.value("damaged_per_mille") / 1_000;
    }

    /// Draws what happens to one request and its answer.
    @Nullable Fault draw(SplittableRandom chance) {
        double place = chance.nextDouble();
        double[] shares = {lossy, lossy, doubled, late, damaged, damaged};
        Fault[] faults = {
            Fault.LOST_REQUEST,
            Fault.LOST_ANSWER,
            Fault.DOUBLED,
            Fault.LATE,
            Fault.TRUNCATED,
            Fault.CORRUPTED
        };
        for (int i = 0; i < shares.length; i++) {
            place -= shares[i];
            if (place < 0) {
                return faults[i];
            }
        }
        return null;
    }

    @Override
    public @Nullable Object call(String method, List<? extends @Nullable Object> params) {
        String occasion = clinic.nextMessage();
        Fault drawn = region.isQuiet() ? null : draw(clinic.chance());
        Fault fault = drawn == null || !region.faults().happens(drawn, occasion) ? null : drawn;
        Wire.Message request = region.wire().call(method, sent(method, params));
        if (!clinic.isReachable()) {
            throw gaveUp("the line is dead");
        }
        clinic.countUp(request);
        region.agenda().pause(clinic.line().upMicros(request.bytes().length));
        clinic.mayDie();
        if (fault == Fault.LOST_REQUEST || !clinic.isReachable()) {
            throw gaveUp("the request was lost");
        }
        Object value = answered(fault, request);
        Wire.Message answer = region.wire().response(value);
        clinic.countDown(answer);
        region.agenda().pause(clinic.line().downMicros(answer.bytes().length));
        clinic.mayDie();
        if (fault == Fault.LOST_ANSWER || !clinic.isReachable()) {
            throw gaveUp("the answer was lost");
        }
        if (fault == Fault.CORRUPTED) {
            mayRefuse(answer, region.wire()::readResponse);
        }
        return read(answer);
    }

    private List<? extends @Nullable Object> sent(
            String method, List<? extends @Nullable Object> params) {
        if (clinic.isOlder()
                && method.endsWith(".begin")
                && params.getFirst() instanceof Map<?, ?> hello) {
            var older = new TreeMap<Object, Object>(hello);
            older.keySet().removeAll(NEWER_MEMBERS);
            return List.of(older, Objects.requireNonNull(params.getLast()));
        }
        return params;
    }

    private SyncException gaveUp(String what) {
        region.agenda().pause(TIMEOUT_MICROS);
        clinic.mayDie();
        return new SyncException(ErrorCode.CENTRAL_UNREACHABLE, what);
    }

    private @Nullable Object answered(@Nullable Fault fault, Wire.Message request) {
        if (fault == Fault.TRUNCATED) {
            mayRefuse(request, region.wire()::readCall);
        }
        MethodCall call = read(request.bytes());
        Object answer = region.centralAnswers(clinic, call);
        if (fault == Fault.DOUBLED) {
            return region.centralAnswers(clinic, call);
        }
        if (fault == Fault.LATE) {
            long session = clinic.session();
            region.agenda()
                    .at(
                            region.agenda().now() + clinic.chance().nextLong(LATE_MICROS_MAX),
                            () -> comeLate(call, session));
        }
        return answer;
    }

    private void comeLate(MethodCall call, long session) {
        if (session != clinic.session() || !region.isCentralUp()) {
            return;
        }
        try {
            var _ = region.centralAnswers(clinic, call);
        } catch (SyncException e) {
            // Nobody waits for the answer.
        }
    }

    private interface Reader<T> {
        T read(byte[] bytes) throws IOException;
    }

    /// A damaged message is refused, or the damage has changed nothing.
    private <T> void mayRefuse(Wire.Message message, Reader<T> reader) {
        byte[] bytes = message.bytes();
        byte[] damaged = Arrays.copyOf(bytes, bytes.length - 1 - bytes.length / 3);
        if (clinic.chance().nextBoolean()) {
            damaged = bytes.clone();
            damaged[clinic.chance().nextInt(bytes.length)] ^= 0x10;
        }
        try {
            boolean isSame = reader.read(damaged).equals(reader.read(bytes));
            region.require(isSame, () -> "a damaged message was taken for a good one");
        } catch (IOException e) {
            throw new SyncException(ErrorCode.CENTRAL_FAILED, "a damaged message", e);
        }
    }

    private MethodCall read(byte[] bytes) {
        try {
            return region.wire().readCall(bytes);
        } catch (IOException e) {
            throw new IllegalStateException("a good message cannot be read", e);
        }
    }

    private @Nullable Object read(Wire.Message answer) {
        try {
            return switch (region.wire().readResponse(answer.bytes())) {
                case MethodResponse.Result(Object value) -> value;
                case MethodResponse.Fault _ -> throw new IllegalStateException("not a result");
            };
        } catch (IOException e) {
            throw new IllegalStateException("a good message cannot be read", e);
        }
    }
}
