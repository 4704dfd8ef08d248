package org.doctorbird.exchange;

import java.util.List;

/// Receipts that are handed in together.
///
/// @param number the page's number, growing
/// @param receipts one or more
public record ReceiptPage(long number, List<Receipt> receipts) {}
