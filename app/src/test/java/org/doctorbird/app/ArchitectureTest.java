package org.doctorbird.app;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.postgresql.util.PSQLException;

/// The boundaries between the packages that touch the world. A package that does not exist yet
/// keeps all of them.
final class ArchitectureTest {

    private static final JavaClasses APP =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("org.doctorbird.app");

    @Test
    void onlyTheCommandLinePrints() {
        noClasses()
                .that()
                .resideOutsideOfPackage("org.doctorbird.app.cli..")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethod(Throwable.class, "printStackTrace")
                .allowEmptyShould(true)
                .check(APP);
    }

    @Test
    void nobodyKnowsTheCommandLine() {
        noClasses()
                .that()
                .resideOutsideOfPackage("org.doctorbird.app.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.doctorbird.app.cli..")
                .allowEmptyShould(true)
                .check(APP);
    }

    @Test
    void theStoreKnowsNoOtherAdapter() {
        noClasses()
                .that()
                .resideInAPackage("org.doctorbird.app.postgres..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.doctorbird.app.http..",
                        "org.doctorbird.app.tasks..",
                        "org.doctorbird.app.central..",
                        "org.doctorbird.app.satellite..")
                .allowEmptyShould(true)
                .check(APP);
    }

    @Test
    void theTransportKnowsNoStore() {
        noClasses()
                .that()
                .resideInAPackage("org.doctorbird.app.http..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.doctorbird.app.postgres..",
                        "org.doctorbird.app.tasks..",
                        "org.doctorbird.app.central..",
                        "org.doctorbird.app.satellite..",
                        "java.sql..")
                .allowEmptyShould(true)
                .check(APP);
    }

    @Test
    void nobodyReadsTheTextOfADatabaseError() {
        noClasses()
                .should()
                .callMethod(SQLException.class, "getMessage")
                .orShould()
                .callMethod(SQLException.class, "toString")
                .orShould()
                .callMethod(PSQLException.class, "getMessage")
                .because("PostgreSQL quotes rows in it, and a row may be a patient's")
                .allowEmptyShould(true)
                .check(APP);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("org.doctorbird.app.(*)..")
                .should()
                .beFreeOfCycles()
                .allowEmptyShould(true)
                .check(APP);
    }
}
