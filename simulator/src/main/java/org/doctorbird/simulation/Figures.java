package org.doctorbird.simulation;

import java.util.LinkedHashMap;
import java.util.Map;
import org.doctorbird.record.InstanceId;

/// What a planner wants to know of a region that was simulated. Times are in milliseconds.
///
/// @param values what was simulated, in order, so that it can be repeated
/// @param records living ones at central
/// @param bytes of a clinic and day, by direction and encoding
/// @param lags by direction, in working order and over outages
/// @param firstLoad of a clinic: milliseconds, bytes, records
/// @param faults by kind
public record Figures(
        Map<String, Object> values,
        long records,
        Map<String, Spread> bytes,
        Map<String, Spread> lags,
        Map<String, Spread> firstLoad,
        Cycles cycles,
        Map<String, Long> faults,
        Checks checks) {

    /// @param idle were counted and not run
    public record Cycles(long run, long idle, long requests, long conflicts, long quarantined) {}

    /// How often invariants were checked.
    ///
    /// @param answers records on their way to an instance
    /// @param steps records that a transaction of central has touched
    /// @param whole times that the whole region was checked
    /// @param texts that had to be found each time, in the end
    public record Checks(long answers, long steps, long whole, int everyDays, long texts) {}

    static Figures of(Region region, long whole, int everyDays) {
        Map<InstanceId, Integer> firstDays = new LinkedHashMap<>();
        var millis = new Sample();
        var loaded = new Sample();
        var records = new Sample();
        for (Clinic clinic : region.clinics()) {
            Clinic.FirstLoad first = clinic.firstLoad();
            if (first != null) {
                firstDays.put(clinic.id(), first.day() + 1);
                millis.add(first.micros() / 1_000);
                loaded.add(first.bytes());
                records.add(first.records());
            }
        }
        Traffic.Sum traffic = region.traffic().sum(firstDays);
        var bytes = new LinkedHashMap<String, Spread>();
        bytes.put("up_compact", traffic.up.spread());
        bytes.put("down_compact", traffic.down.spread());
        bytes.put("up_xml", traffic.xmlUp.spread());
        bytes.put("down_xml", traffic.xmlDown.spread());
        bytes.put("requests", traffic.requests.spread());
        var firstLoad = new LinkedHashMap<String, Spread>();
        firstLoad.put("ms", millis.spread());
        firstLoad.put("bytes", loaded.spread());
        firstLoad.put("records", records.spread());
        MemoryState central = region.central().committed();
        var faults = new LinkedHashMap<String, Long>();
        region.faults().counts().forEach((fault, count) -> faults.put(fault.words(), count));
        return new Figures(
                values(region.settings()),
                central.rows.values().stream().filter(row -> !row.isGone()).count(),
                bytes,
                lags(region.lags()),
                firstLoad,
                new Cycles(
                        region.fullCycles(),
                        region.idleCycles(),
                        traffic.total,
                        central.conflicts.size(),
                        Rest.refused(central)),
                faults,
                new Checks(
                        region.entitlement().checks(),
                        region.steps().records(),
                        whole,
                        everyDays,
                        region.written().values().stream().mapToLong(Map::size).sum()));
    }

    private static Map<String, Object> values(Region.Settings settings) {
        var values = new LinkedHashMap<String, Object>();
        values.put("profile", settings.profile().name());
        values.put("satellites", settings.satellites());
        values.put("days", settings.days());
        values.put("seed", settings.seed());
        values.put("line", settings.profile().line().name());
        values.putAll(settings.profile().values());
        return values;
    }

    private static Map<String, Spread> lags(Lags lags) {
        var spreads = new LinkedHashMap<String, Spread>();
        spreads.put("to_central", millis(lags.up));
        spreads.put("to_central_over_outages", millis(lags.upOverOutages));
        spreads.put("to_clinic", millis(lags.down));
        spreads.put("to_clinic_over_outages", millis(lags.downOverOutages));
        return spreads;
    }

    private static Spread millis(Sample micros) {
        Spread spread = micros.spread();
        return new Spread(
                spread.count(),
                spread.p50() / 1_000,
                spread.p95() / 1_000,
                spread.p99() / 1_000,
                spread.max() / 1_000);
    }
}
