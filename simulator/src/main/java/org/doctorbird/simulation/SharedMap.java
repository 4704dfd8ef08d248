package org.doctorbird.simulation;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;

/// A sorted map whose copies share everything that does not differ: a copy costs nothing, a change
/// the path to one entry.
///
/// Its iterators go over what was there when they were made, so entries may be changed and removed
/// meanwhile. Null is no value.
class SharedMap<K extends Comparable<K>, V> extends AbstractMap<K, V> {

    private TreePMap<K, V> entries;

    SharedMap() {
        this.entries = TreePMap.empty();
    }

    SharedMap(SharedMap<K, V> other) {
        this.entries = other.entries;
    }

    /// Returns the entries from a key on, in order.
    final Map<K, V> from(K first) {
        return entries.tailMap(first, true);
    }

    /// Returns the entries from a key to before another, in order.
    final Map<K, V> between(K first, K end) {
        return first.compareTo(end) < 0 ? entries.subMap(first, true, end, false) : Map.of();
    }

    @Override
    public int size() {
        return entries.size();
    }

    @Override
    public @Nullable V get(@Nullable Object key) {
        return entries.get(key);
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return entries.containsKey(key);
    }

    @Override
    public @Nullable V put(K key, V value) {
        V before = entries.get(key);
        entries = entries.plus(key, value);
        return before;
    }

    @Override
    public @Nullable V remove(@Nullable Object key) {
        V before = entries.get(key);
        if (before != null) {
            entries = entries.minus(key);
        }
        return before;
    }

    @Override
    public void clear() {
        entries = TreePMap.empty();
    }

    @Override
    public Set<Map.Entry<K, V>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public int size() {
                return entries.size();
            }

            @Override
            public Iterator<Map.Entry<K, V>> iterator() {
                return new Changing(entries.entrySet().iterator());
            }
        };
    }

    /// Goes over the entries and writes changes through to the map.
    private final class Changing implements Iterator<Map.Entry<K, V>> {

        private final Iterator<Map.Entry<K, V>> there;
        private @Nullable K last;

        Changing(Iterator<Map.Entry<K, V>> there) {
            this.there = there;
        }

        @Override
        public boolean hasNext() {
            return there.hasNext();
        }

        @Override
        public Map.Entry<K, V> next() {
            Map.Entry<K, V> entry = there.next();
            last = entry.getKey();
            return new SimpleEntry<>(entry) {
                private static final long serialVersionUID = 1L;

                @Override
                public V setValue(V value) {
                    SharedMap.this.put(getKey(), value);
                    return super.setValue(value);
                }
            };
        }

        @Override
        public void remove() {
            if (last == null) {
                throw new IllegalStateException("no entry to remove");
            }
            SharedMap.this.remove(last);
            last = null;
        }
    }
}
