package org.doctorbird.simulation;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.doctorbird.exchange.KeptConflict;
import org.doctorbird.exchange.Resolution;
import org.doctorbird.record.InstanceId;

/// Plans each day of a region: who works when, when cycles run, and what goes wrong.
final class RegionDays {

    private static final long MINUTE = 60_000_000L;
    private static final int DAYS_OF_OLDER_VERSIONS = 30;

    private final Region region;
    private final Profile profile;
    private final RegionWriter writer;
    private final Map<InstanceId, MemoryDatabase.Backup> backups = new HashMap<>();

    RegionDays(Region region, RegionWriter writer) {
        this.region = region;
        this.profile = region.profile();
        this.writer = writer;
    }

    /// What holds from the first day.
    void begin() {
        for (Clinic clinic : region.clinics()) {
            SplittableRandom random = chance("versions", clinic, 0);
            if (random.nextDouble() * 100 < profile.value("wrong_clocks_percent")
                    && region.faults().happens(Fault.WRONG_CLOCK, clinic.id().toString())) {
                clinic.database().moveClock((random.nextLong(20) - 10) * 365 * Region.DAY);
            }
            if (random.nextDouble() * 100 < profile.value("older_versions_percent")
                    && region.faults().happens(Fault.OLDER, clinic.id().toString())) {
                clinic.setOlder(true);
                at(DAYS_OF_OLDER_VERSIONS * Region.DAY, () -> clinic.setOlder(false));
            }
        }
        if (profile.value("older_versions_percent") > 0
                && region.faults().happens(Fault.OLDER, "central")) {
            region.setOlder(true);
            at(DAYS_OF_OLDER_VERSIONS / 2 * Region.DAY, () -> region.setOlder(false));
        }
    }

    private SplittableRandom chance(String kind, Clinic clinic, int day) {
        return region.faults().chance(kind, clinic.id().number(), day);
    }

    private void at(long time, Runnable what) {
        region.agenda().at(time, what);
    }

    /// Enters all that a day brings.
    ///
    /// @param isLast nothing goes wrong, and nobody writes
    void plan(int day, boolean isLast) {
        long start = day * Region.DAY;
        for (Clinic clinic : region.clinics()) {
            planPower(clinic, start);
            planCycles(clinic, start);
            if (!isLast) {
                planWork(clinic, day);
                planTrouble(clinic, day);
                planMisfortunes(clinic, day);
            }
        }
        for (long time = start; time < start + Region.DAY; time += 10 * MINUTE) {
            at(time, region::runTasks);
        }
        if (!isLast) {
            planCentral(day);
        }
    }

    private void planPower(Clinic clinic, long start) {
        long on = (long) (profile.value("power_from_hour") * Region.HOUR);
        long off = (long) (profile.value("power_to_hour") * Region.HOUR);
        if (start == 0 && on > 0) {
            clinic.cutPower();
        }
        if (on > 0) {
            at(start + on, clinic::restorePower);
            at(start + off, clinic::cutPower);
        }
    }

    private void planCycles(Clinic clinic, long start) {
        long step = (long) (profile.value("cycle_minutes") * MINUTE);
        long from = (long) (profile.value("power_from_hour") * Region.HOUR);
        long to = (long) (profile.value("power_to_hour") * Region.HOUR);
        long offset = chance("offset", clinic, 0).nextLong(step);
        for (long time = start + from + offset; time < start + to; time += step) {
            at(time, clinic::tick);
        }
    }

    private void planWork(Clinic clinic, int day) {
        if (day % 7 >= profile.value("open_days_a_week")) {
            return;
        }
        double week = profile.value("open_days_a_week");
        SplittableRandom random = chance("work", clinic, day);
        add(clinic, day, RegionWriter.Work.NEW_PATIENT, "new_patients_a_day", 1, random);
        add(clinic, day, RegionWriter.Work.EVALUATION, "evaluations_a_day", 1, random);
        add(clinic, day, RegionWriter.Work.EDIT, "edits_a_day", 1, random);
        add(clinic, day, RegionWriter.Work.DELETION, "deletions_a_week", week, random);
        add(clinic, day, RegionWriter.Work.IMPORT, "imports_a_week", week, random);
        add(clinic, day, RegionWriter.Work.MOVE, "moves_a_week", week, random);
        add(clinic, day, RegionWriter.Work.REFUSAL, "refusals_a_month", 4 * week, random);
    }

    private void add(
            Clinic clinic,
            int day,
            RegionWriter.Work work,
            String rate,
            double days,
            SplittableRandom random) {
        int count = count(profile.value(rate) / days, random);
        for (int i = 0; i < count; i++) {
            long time = openTime(day, random);
            String name = clinic.id() + "/" + day + "/" + work + "/" + i;
            SplittableRandom own = random.split();
            at(
                    time,
                    () -> {
                        if (region.faults().happens(name)) {
                            writer.work(clinic.id(), work, own);
                        }
                    });
        }
    }

    /// Draws how often something happens that happens so often on average.
    private static int count(double rate, SplittableRandom random) {
        int count = 0;
        for (double place = random.nextDouble(); ; place *= random.nextDouble()) {
            if (place < Math.exp(-rate)) {
                return count;
            }
            count++;
        }
    }

    private long openTime(int day, SplittableRandom random) {
        double hour = random.nextDouble(profile.value("opens_hour"), profile.value("closes_hour"));
        return day * Region.DAY + (long) (hour * Region.HOUR);
    }

    private void planTrouble(Clinic clinic, int day) {
        String name = clinic.id() + "/" + day;
        SplittableRandom random = chance("trouble", clinic, day);
        double days = -profile.value("outage_days") * Math.log(1 - random.nextDouble());
        during(
                Fault.OUTAGE,
                name,
                random.nextDouble() < profile.value("outages_a_year") / 365,
                openTime(day, random),
                (long) (days * Region.DAY),
                clinic::beginOutage,
                clinic::endOutage);
        during(
                Fault.POWER_CUT,
                name,
                random.nextDouble() < profile.value("power_cuts_a_month") / 30,
                openTime(day, random),
                (1 + random.nextInt(4)) * Region.HOUR,
                clinic::cutPower,
                clinic::restorePower);
        during(
                Fault.FULL_DISK,
                name,
                random.nextDouble() < profile.value("full_disks_a_year") / 365,
                openTime(day, random),
                (1 + random.nextInt(24)) * Region.HOUR,
                clinic::fillDisk,
                clinic::clearDisk);
    }

    private void during(
            Fault fault,
            String name,
            boolean isDrawn,
            long time,
            long micros,
            Runnable begin,
            Runnable end) {
        if (!isDrawn) {
            return;
        }
        at(
                time,
                () -> {
                    if (region.faults().happens(fault, name)) {
                        region.trace(fault.words() + ": " + name);
                        begin.run();
                        at(region.agenda().now() + micros, end);
                    }
                });
    }

    private void planMisfortunes(Clinic clinic, int day) {
        at(day * Region.DAY, () -> backups.put(clinic.id(), clinic.database().backup()));
        String name = clinic.id() + "/" + day;
        SplittableRandom random = chance("misfortune", clinic, day);
        once(
                Fault.RESTORED,
                name,
                random.nextDouble() < profile.value("restores_a_year") / 365,
                openTime(day, random),
                () -> restore(clinic.id()),
                clinic);
        once(
                Fault.COPIED,
                name,
                random.nextDouble() < profile.value("copies_a_year") / 365,
                openTime(day, random),
                () -> {
                    region.noteMisfortune(clinic.id());
                    clinic.copyTakesPart();
                },
                clinic);
    }

    /// Older programs do not notice misfortunes, and an older central has no remedy.
    private void once(
            Fault fault, String name, boolean isDrawn, long time, Runnable what, Clinic clinic) {
        if (isDrawn && time > DAYS_OF_OLDER_VERSIONS * Region.DAY) {
            at(
                    time,
                    () -> {
                        if (clinic.isReachable()
                                && !region.isRecovering()
                                && region.faults().happens(fault, name)) {
                            region.trace(fault.words() + ": " + name);
                            what.run();
                        }
                    });
        }
    }

    private void restore(InstanceId id) {
        MemoryDatabase.Backup backup = backups.get(id);
        if (backup != null) {
            region.restore(id, backup);
        }
    }

    private void planCentral(int day) {
        SplittableRandom random = region.faults().chance("central", 0, day);
        at(day * Region.DAY, () -> backups.put(InstanceId.CENTRAL, region.central().backup()));
        int edits = count(profile.value("central_edits_a_day"), random);
        for (int i = 0; i < edits; i++) {
            String name = "central/" + day + "/" + i;
            SplittableRandom own = random.split();
            at(
                    openTime(day, random),
                    () -> {
                        if (region.faults().happens(name)) {
                            writer.workAtCentral(own);
                        }
                    });
        }
        boolean isPlanChanged = random.nextDouble() < profile.value("plan_changes_a_year") / 365;
        if (isPlanChanged) {
            at(
                    openTime(day, random),
                    () -> {
                        if (region.faults().happens("plan/" + day)) {
                            region.changePlan();
                        }
                    });
        }
        if (day % 7 == 4) {
            at(openTime(day, random), () -> settleConflicts(random.split()));
        }
        during(
                Fault.CENTRAL_DOWN,
                "" + day,
                random.nextDouble() < profile.value("central_downs_a_year") / 365,
                openTime(day, random),
                (1 + random.nextInt(8)) * Region.HOUR / 2,
                region::beginDown,
                region::endDown);
        boolean isRestored =
                random.nextDouble() < profile.value("central_restores_a_year") / 365
                        && day > DAYS_OF_OLDER_VERSIONS;
        if (isRestored) {
            at(
                    openTime(day, random),
                    () -> {
                        if (region.faults().happens(Fault.CENTRAL_RESTORED, "" + day)) {
                            restore(InstanceId.CENTRAL);
                        }
                    });
        }
    }

    private void settleConflicts(SplittableRandom random) {
        for (KeptConflict conflict : region.central().committed().conflicts.open()) {
            Resolution resolution =
                    random.nextBoolean()
                            ? new Resolution.TakeCentral()
                            : new Resolution.TakeSatellite();
            settle(
                    conflict,
                    number -> {
                        var _ = region.exchange().resolve(number, resolution);
                    });
        }
    }

    private void settle(KeptConflict conflict, Consumer<Long> how) {
        try {
            how.accept(conflict.number());
            region.trace("conflict " + conflict.number() + " settled");
        } catch (org.doctorbird.SyncException e) {
            region.trace("conflict " + conflict.number() + " not settled: " + e.getMessage());
        }
    }
}
