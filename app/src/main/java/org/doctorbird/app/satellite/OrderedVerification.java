package org.doctorbird.app.satellite;

import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.exchange.VerifyOrder;
import org.doctorbird.exchange.VerifyReport;

/// Carries out what central wants compared.
final class OrderedVerification {

    private OrderedVerification() {}

    /// Compares, and repairs if that was ordered.
    ///
    /// @return what came of it; where it cannot be done at all, why
    /// @throws SyncException what may pass by itself: the order stands
    static VerifyReport run(Satellite satellite, VerifyOrder order) {
        try {
            Satellite.Verified verified =
                    satellite.verify(order.models(), order.isDeep(), order.repairs());
            return VerifyReport.of(order, verified.found(), verified.left());
        } catch (SyncException e) {
            if (e.code().action() == ErrorCode.Action.RETRY) {
                throw e;
            }
            return VerifyReport.failed(order, e.code());
        }
    }
}
