package org.doctorbird.app.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.doctorbird.app.central.InstalledCentral;
import org.doctorbird.app.postgres.PostgresStatus;
import org.doctorbird.app.postgres.PostgresStatus.ModelStatus;
import org.doctorbird.app.postgres.SyncedTable;
import org.doctorbird.app.satellite.InstalledSatellite;

/// What central and a clinic hold in the end, seen straight in their databases.
final class Agreement {

    private final Region.Place central;
    private final Region.Place clinic;
    private final List<SyncedTable> atCentral;
    private final List<SyncedTable> atClinic;

    /// Both are installed.
    Agreement(Region.Place central, Region.Place clinic) {
        this.central = central;
        this.clinic = clinic;
        this.atCentral = InstalledCentral.load(central.source()).tables();
        this.atClinic = InstalledSatellite.load(clinic.source(), Set.of()).tables();
    }

    /// Says whether nothing waits anywhere and both hold equal records.
    boolean isReached() {
        return statusOfClinic().models().stream().allMatch(Agreement::isInStep)
                && statusOfCentral().models().stream().allMatch(Agreement::isInStep)
                && digestsOfClinic().equals(digestsOfCentral());
    }

    static boolean isInStep(ModelStatus model) {
        return model.waiting()
                        + model.held()
                        + model.parked()
                        + model.quarantined()
                        + model.conflicts()
                        + model.refused()
                == 0;
    }

    private PostgresStatus statusOfCentral() {
        return new PostgresStatus(central.source(), atCentral);
    }

    private PostgresStatus statusOfClinic() {
        return new PostgresStatus(clinic.source(), atClinic);
    }

    private List<String> digestsOfCentral() {
        return atClinic.stream().map(table -> statusOfCentral().digest(table.shape())).toList();
    }

    private List<String> digestsOfClinic() {
        return atClinic.stream().map(table -> statusOfClinic().digest(table.shape())).toList();
    }

    /// Everything that was promised to the applications is at both, once, and both are equal.
    void assertNothingLostOrDoubled(List<Application> applications, String when)
            throws SQLException {
        for (Region.Place place : List.of(central, clinic)) {
            List<String> written = place.written();
            assertThat(written).as("%s, at %s", when, place.name()).doesNotHaveDuplicates();
            var lost = new HashSet<String>();
            applications.forEach(application -> lost.addAll(application.promised()));
            written.forEach(lost::remove);
            assertThat(lost).as("%s: lost at %s", when, place.name()).isEmpty();
        }
        assertThat(digestsOfClinic()).as(when).isEqualTo(digestsOfCentral());
    }

    /// Tells how both stand.
    @Override
    public String toString() {
        return "clinic %s %s, central %s %s"
                .formatted(
                        digestsOfClinic(),
                        statusOfClinic().models(),
                        digestsOfCentral(),
                        statusOfCentral().models());
    }
}
