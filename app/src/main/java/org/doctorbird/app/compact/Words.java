package org.doctorbird.app.compact;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The words of texts: what stands between single spaces. Each different word is kept once.
final class Words {

    /// Fewer are not worth a list of their own.
    private static final int COUNT_MIN = 64;

    /// So often each must be used on average.
    private static final int USES_MIN = 4;

    private final HashMap<String, Integer> numbers = new HashMap<>();
    private final List<String> distinct = new ArrayList<>();
    private final List<Long> counts = new ArrayList<>();
    private long[] uses = new long[256];
    private int[] all = new int[1_024];
    private int count;

    /// @param texts Strings, some null
    Words(List<? extends @Nullable Object> texts) {
        for (Object text : texts) {
            int before = count;
            if (text instanceof String string) {
                split(string);
            }
            counts.add((long) count - before);
        }
    }

    private void split(String text) {
        int begin = 0;
        for (int end = text.indexOf(' '); end >= 0; end = text.indexOf(' ', begin)) {
            add(text.substring(begin, end));
            begin = end + 1;
        }
        add(text.substring(begin));
    }

    private void add(String word) {
        Integer known = numbers.putIfAbsent(word, distinct.size());
        int number = known == null ? distinct.size() : known;
        if (known == null) {
            distinct.add(word);
        }
        if (number == uses.length) {
            uses = Arrays.copyOf(uses, 2 * uses.length);
        }
        if (count == all.length) {
            all = Arrays.copyOf(all, 2 * all.length);
        }
        uses[number]++;
        all[count++] = number;
    }

    /// Says whether the words of all texts repeat each other enough to be listed.
    boolean areWorthAList() {
        return count >= COUNT_MIN && count >= USES_MIN * distinct.size();
    }

    /// Returns how many words each text has, 0 for null.
    List<Long> counts() {
        return counts;
    }

    /// Returns the numbers of the different words, the one that is used most first; this is their
    /// order in the message.
    private List<Integer> order() {
        var order = new ArrayList<Integer>(distinct.size());
        for (int i = 0; i < distinct.size(); i++) {
            order.add(i);
        }
        order.sort((one, other) -> Long.compare(uses[other], uses[one]));
        return order;
    }

    /// Returns the different words, the one that is used most first.
    List<String> distinct() {
        return order().stream().map(distinct::get).toList();
    }

    /// Returns for each word of each text its place in [#distinct()].
    long[] places() {
        var places = new long[distinct.size()];
        List<Integer> order = order();
        for (int i = 0; i < places.length; i++) {
            places[order.get(i)] = i;
        }
        var result = new long[count];
        for (int i = 0; i < count; i++) {
            result[i] = places[all[i]];
        }
        return result;
    }
}
