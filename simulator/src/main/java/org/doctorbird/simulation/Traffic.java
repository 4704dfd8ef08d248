package org.doctorbird.simulation;

import java.util.Map;
import java.util.TreeMap;
import org.doctorbird.record.InstanceId;

/// What goes over the lines, by clinic and day.
final class Traffic {

    /// What HTTP, TLS and TCP add to each request, and to each answer, on a connection that is
    /// kept.
    static final int OVERHEAD_BYTES = 200;

    private final Map<InstanceId, Map<Integer, Day>> days = new TreeMap<>();

    /// The bytes of one clinic and day, in both encodings.
    static final class Day {
        long requests;
        long up;
        long down;
        long xmlUp;
        long xmlDown;
    }

    Day day(InstanceId clinic, int day) {
        return days.computeIfAbsent(clinic, _ -> new TreeMap<>())
                .computeIfAbsent(day, _ -> new Day());
    }

    /// Returns what went over the lines; days before the first one of a clinic are left out.
    ///
    /// @param firstDay by clinic
    Sum sum(Map<InstanceId, Integer> firstDay) {
        var sum = new Sum();
        days.forEach((clinic, some) ->
                some.forEach((number, day) -> {
                    if (number >= firstDay.getOrDefault(clinic, Integer.MAX_VALUE)) {
                        sum.add(day);
                    }
                }));
        return sum;
    }

    /// Days of clinics, summed up.
    static final class Sum {
        final Sample up = new Sample();
        final Sample down = new Sample();
        final Sample xmlUp = new Sample();
        final Sample xmlDown = new Sample();
        final Sample requests = new Sample();
        long total;

        private void add(Day day) {
            up.add(day.up);
            down.add(day.down);
            xmlUp.add(day.xmlUp);
            xmlDown.add(day.xmlDown);
            requests.add(day.requests);
            total += day.requests;
        }
    }
}
