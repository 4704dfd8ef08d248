package org.doctorbird.app.http;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.app.message.MethodResponse.Fault;

/// Errors as faults, and back. The text begins with the code and ends with the remedy: `DRB-3001
/// the plan has no such model {model=no.such}. Use a model of the plan, or add the model to the
/// plan on central.`
final class Faults {

    private static final Pattern CODED =
            Pattern.compile("(DRB-(\\d)\\d{3}) (.{1,300}).*", Pattern.DOTALL);

    private Faults() {}

    static Fault of(SyncException error) {
        int code = error.code() == ErrorCode.INTERNAL ? Fault.DEFECT : Fault.CODED;
        return new Fault(code, error.getMessage() + ". " + error.code().remedy());
    }

    /// Returns central's error for the satellite. What central could not do is `CENTRAL_FAILED`
    /// here: the remedy for central's own database is not one for this instance's. The words of a
    /// server that is no Doctorbird are dropped: they may quote a record.
    static SyncException error(Fault fault) {
        Matcher coded = CODED.matcher(fault.text());
        if (!coded.matches()) {
            return new SyncException(ErrorCode.CENTRAL_FAILED, "central answered with a fault")
                    .with("faultCode", fault.code());
        }
        ErrorCode code = ErrorCode.of(coded.group(1));
        boolean isRefusal = "234".contains(coded.group(2)) && code != ErrorCode.INTERNAL;
        return new SyncException(
                        isRefusal ? code : ErrorCode.CENTRAL_FAILED,
                        isRefusal ? "central refused the request" : "central could not do it")
                .with("central", coded.group(1) + " " + coded.group(3));
    }
}
