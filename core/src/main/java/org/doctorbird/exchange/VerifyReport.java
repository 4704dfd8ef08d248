package org.doctorbird.exchange;

import java.util.List;
import java.util.Optional;
import org.doctorbird.ErrorCode;

/// What came of an order to compare.
///
/// @param number the order's
/// @param records compared
/// @param damaged found damaged
/// @param left damaged still, after repairs if they were ordered
/// @param models in which damage is left, in the order of the plan's references
/// @param failure the code of what stood against it, such as `DRB-3002`; nothing was compared then
public record VerifyReport(
        long number,
        long records,
        long damaged,
        long left,
        List<String> models,
        Optional<String> failure) {

    public VerifyReport {
        models = List.copyOf(models);
    }

    /// Sums up.
    ///
    /// @param found one for each model
    /// @param left the same models, after repairs
    public static VerifyReport of(
            VerifyOrder order, List<Comparison> found, List<Comparison> left) {
        return new VerifyReport(
                order.number(),
                found.stream().mapToLong(Comparison::records).sum(),
                damaged(found),
                damaged(left),
                left.stream().filter(one -> one.damaged() > 0).map(Comparison::model).toList(),
                Optional.empty());
    }

    private static long damaged(List<Comparison> comparisons) {
        return comparisons.stream().mapToLong(Comparison::damaged).sum();
    }

    /// Says that an order cannot be carried out.
    public static VerifyReport failed(VerifyOrder order, ErrorCode code) {
        return new VerifyReport(order.number(), 0, 0, 0, List.of(), Optional.of(code.code()));
    }
}
