package org.doctorbird.simulation;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

/// The simulated world is repeatable from its seed and prints nothing; only its commands do.
final class ArchitectureTest {

    private static final JavaClasses SIMULATOR =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("org.doctorbird.simulation");

    @Test
    void theWorldIsRepeatable() {
        noClasses()
                .that()
                .resideOutsideOfPackage("org.doctorbird.simulation.cli..")
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callMethod(UUID.class, "randomUUID")
                .orShould()
                .callMethod(ThreadLocalRandom.class, "current")
                .orShould()
                .callMethod(Math.class, "random")
                .check(SIMULATOR);
    }

    @Test
    void onlyTheCommandsPrint() {
        noClasses()
                .that()
                .resideOutsideOfPackage("org.doctorbird.simulation.cli..")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .dependOnClassesThat()
                .resideInAPackage("org.doctorbird.simulation.cli..")
                .check(SIMULATOR);
    }

    @Test
    void nothingIsReal() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.sql..",
                        "java.net..",
                        "java.nio.file..",
                        "org.doctorbird.app.postgres..",
                        "org.doctorbird.app.http..")
                .check(SIMULATOR);
    }
}
