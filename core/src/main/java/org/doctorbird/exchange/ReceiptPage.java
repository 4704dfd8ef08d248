package org.doctorbird.exchange;

import java.util.List;

/// Receipts that are handed in together.
///
/// @param number the page's number, growing
/// @param receipts of records that came; none if it is a page of the other kind
/// @param withdrawn records that were removed because central withdrew them; none if it is a page
///   of the other kind
public record ReceiptPage(long number, List<Receipt> receipts, List<Withdrawal> withdrawn) {}
