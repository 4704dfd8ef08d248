package org.doctorbird.simulation;

import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.exchange.Cycle;
import org.doctorbird.record.InstanceId;

/// Databases that are put back from backups, and the operators who do what the messages say.
final class WorldMisfortunes {

    private static final Set<ErrorCode> OF_SATELLITES =
            Set.of(
                    ErrorCode.SATELLITE_BEHIND,
                    ErrorCode.SATELLITE_COPIED,
                    ErrorCode.INSTANCE_TAKEN);

    private final World world;
    private final Set<InstanceId> restored = new HashSet<>();

    WorldMisfortunes(World world) {
        this.world = world;
    }

    /// What was only on the disk that is lost is lost; everything else must still be there at the
    /// end.
    void restore(InstanceId id, MemoryDatabase.Backup backup) {
        world.trace("restored from a backup: " + id);
        world.database(id).restore(backup);
        restored.add(id);
        Set<String> left = new HashSet<>();
        WorldCheck.addCentral(left, world.database(InstanceId.CENTRAL).committed());
        world.satellites()
                .forEach(some -> WorldCheck.addSatellite(left, world.database(some).committed()));
        for (Map<String, String> texts : world.written.values()) {
            texts.values().removeIf(text -> !text.lines().allMatch(left::contains));
        }
        forgetRefused(id);
    }

    /// What databases refuse is the same text everywhere, so another record's says nothing of it.
    private void forgetRefused(InstanceId id) {
        Set<String> here = new HashSet<>();
        world.database(id)
                .committed()
                .rows
                .forEach((key, row) -> {
                    if (World.REFUSED.equals(row.orNone().get("note"))) {
                        here.add(key + "/note");
                    }
                });
        Objects.requireNonNull(world.written.get(id))
                .entrySet()
                .removeIf(text ->
                        text.getValue().equals(World.REFUSED) && !here.contains(text.getKey()));
    }

    /// Does what the message of a refused cycle says. Nobody is refused to whom nothing happened.
    void heal(InstanceId id, Cycle cycle, SyncException refusal) {
        if (OF_SATELLITES.contains(refusal.code())) {
            require(id, refusal);
            try {
                cycle.resync();
                world.trace("resync of " + id);
            } catch (SyncException | MemoryDatabase.Broken e) {
                world.trace("resync of " + id + " broke: " + e.getMessage());
            }
        } else if (refusal.code() == ErrorCode.CENTRAL_BEHIND) {
            require(InstanceId.CENTRAL, refusal);
            world.database(InstanceId.CENTRAL).beginEpoch();
            world.trace("resync of central");
        }
    }

    private void require(InstanceId id, SyncException refusal) {
        if (!restored.contains(id)) {
            throw new InvariantBroken(Objects.requireNonNull(refusal.getMessage()), world.tail());
        }
    }
}
