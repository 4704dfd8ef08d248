package org.doctorbird.benchmarks;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.doctorbird.SyncException;
import org.doctorbird.app.http.HttpLink;
import org.doctorbird.exchange.BatchLimit;
import org.doctorbird.exchange.Feed;
import org.doctorbird.exchange.Greeting;
import org.doctorbird.exchange.Hello;
import org.doctorbird.exchange.Page;
import org.doctorbird.exchange.Receipt;
import org.doctorbird.record.Cursor;
import org.doctorbird.record.Fields;
import org.doctorbird.record.PushedRecord;
import org.doctorbird.record.SentRecord;

/// A satellite without a database: it says to central what a real one says, and keeps in memory
/// what it must. For one thread.
final class SimulatedSatellite implements AutoCloseable {

    static final String MODEL = "visit";

    private static final String BY_SATELLITE = "satellite ";

    /// Begins the text of what central's application has written; the rest is the time of
    /// [System#nanoTime].
    static final String BY_CENTRAL = "central ";

    private final int number;
    private final HttpLink link;
    private final UUID incarnation = UUID.randomUUID();
    private final Map<Feed, Cursor> cursors = new EnumMap<>(Feed.class);
    private final List<PushedRecord> waiting = new ArrayList<>();
    private final List<Receipt> receipts = new ArrayList<>();
    private final Set<UUID> received = new HashSet<>();
    private String planVersion = "";
    private String epoch = "";
    private long seen;
    private long pushed;
    private long written;

    /// @param number its synchronisation id
    /// @param link logs in by itself; closed by [#close]
    SimulatedSatellite(int number, HttpLink link) {
        this.number = number;
        this.link = link;
        for (Feed feed : Feed.values()) {
            cursors.put(feed, Cursor.START);
        }
    }

    /// Learns when a record that central's application has written is received.
    interface Arrival {
        void after(long nanos);
    }

    /// Writes records that wait to be pushed.
    void write(int records) {
        for (int i = 0; i < records; i++) {
            written++;
            var fields =
                    Fields.of(
                            Map.of(
                                    "clinic",
                                    Integer.toString(number),
                                    "note",
                                    BY_SATELLITE + number + " " + written));
            waiting.add(new PushedRecord(UUID.randomUUID(), Optional.empty(), 1, fields, false));
        }
    }

    /// Runs one cycle.
    ///
    /// @throws SyncException whenever central does not answer as wished; what was done stays done
    void cycle(Arrival arrival) {
        if (planVersion.isEmpty()) {
            planVersion = link.plan().version();
        }
        Greeting greeting =
                link.begin(
                        new Hello(
                                Hello.PROTOCOL,
                                incarnation,
                                planVersion,
                                epoch,
                                seen,
                                System.currentTimeMillis() * 1_000));
        epoch = greeting.epoch();
        push();
        if (greeting.changedModels().contains(MODEL)) {
            read(Feed.PULL, arrival);
            read(Feed.NEW, arrival);
        }
        acknowledge();
        seen = greeting.horizon();
    }

    /// Pushes what waits, in one request.
    void push() {
        if (!waiting.isEmpty()) {
            Proof.equal("answers to a push", waiting.size(), link.push(MODEL, waiting).size());
            pushed += waiting.size();
            waiting.clear();
        }
    }

    private void read(Feed feed, Arrival arrival) {
        boolean hasMore = true;
        while (hasMore) {
            Page page = link.read(MODEL, feed, cursor(feed), BatchLimit.ofRecords(1_000));
            page.records().forEach(record -> note(record, feed, arrival));
            cursors.put(feed, page.next());
            hasMore = page.hasMore();
        }
    }

    private Cursor cursor(Feed feed) {
        return cursors.getOrDefault(feed, Cursor.START);
    }

    private void note(SentRecord record, Feed feed, Arrival arrival) {
        if (feed == Feed.NEW) {
            receipts.add(new Receipt(record.uid(), record.etag()));
        }
        String note = String.valueOf(record.fields().get("note"));
        if (note.startsWith(BY_CENTRAL) && received.add(record.uid())) {
            arrival.after(System.nanoTime() - Long.parseLong(note.substring(BY_CENTRAL.length())));
        }
    }

    private void acknowledge() {
        if (!receipts.isEmpty()) {
            var _ = link.acknowledge(MODEL, receipts);
            receipts.clear();
        }
    }

    /// Returns how many of its records central has confirmed.
    long pushed() {
        return pushed;
    }

    /// Returns how many records of central's application it has.
    long received() {
        return received.size();
    }

    @Override
    public void close() {
        link.close();
    }
}
