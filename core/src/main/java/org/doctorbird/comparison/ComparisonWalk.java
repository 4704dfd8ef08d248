package org.doctorbird.comparison;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Finds where two sets of records differ, from the whole down: only prefixes whose fingerprints
/// differ are split.
///
/// Goes depth first in batches, so that memory is bounded whatever differs.
public final class ComparisonWalk {

    /// Records of one prefix that are listed rather than split.
    public static final int LISTED_MAX = 64;

    /// Gives the fingerprints of both sides.
    public interface Sides {

        /// @param prefixes 1 to [ComparisonQuery#PREFIXES_MAX]
        /// @return of each prefix [UidPrefix#WAYS] fingerprints for each side
        Pair split(List<UidPrefix> prefixes);
    }

    /// @param here the satellite's
    /// @param there central's, of the same prefixes
    public record Pair(List<RangeFingerprint> here, List<RangeFingerprint> there) {

        public Pair {
            if (here.size() != there.size()) {
                throw new IllegalArgumentException("fingerprints of different prefixes");
            }
        }
    }

    private final Sides sides;
    private final Consumer<List<UidPrefix>> listing;
    private final ArrayDeque<UidPrefix> open = new ArrayDeque<>();
    private final List<UidPrefix> few = new ArrayList<>();

    /// @param listing is given prefixes that differ and have at most [#LISTED_MAX] records on each
    ///   side, [ComparisonQuery#PREFIXES_MAX] at a time
    public ComparisonWalk(Sides sides, Consumer<List<UidPrefix>> listing) {
        this.sides = sides;
        this.listing = listing;
    }

    /// Walks through everything. Used once.
    ///
    /// @param here the satellite's fingerprint of all
    /// @param there central's
    public void run(RangeFingerprint here, RangeFingerprint there) {
        look(UidPrefix.ALL, here, there);
        while (!open.isEmpty()) {
            var batch = new ArrayList<UidPrefix>();
            while (!open.isEmpty() && batch.size() < ComparisonQuery.PREFIXES_MAX) {
                batch.add(open.pop());
            }
            split(batch);
        }
        list();
    }

    private void split(List<UidPrefix> batch) {
        Pair pair = sides.split(batch);
        int place = 0;
        for (UidPrefix prefix : batch) {
            for (UidPrefix part : prefix.split()) {
                look(part, pair.here().get(place), pair.there().get(place));
                place++;
            }
        }
    }

    private void look(UidPrefix prefix, RangeFingerprint here, RangeFingerprint there) {
        if (here.equals(there)) {
            return;
        }
        if (Math.max(here.count(), there.count()) > LISTED_MAX && !prefix.isWhole()) {
            open.push(prefix);
            return;
        }
        few.add(prefix);
        if (few.size() == ComparisonQuery.PREFIXES_MAX) {
            list();
        }
    }

    private void list() {
        if (!few.isEmpty()) {
            listing.accept(List.copyOf(few));
            few.clear();
        }
    }
}
