/// Both sides of the exchange, the messages between them, and the ports to stores and links.
@NullMarked
package org.doctorbird.exchange;

import org.jspecify.annotations.NullMarked;
