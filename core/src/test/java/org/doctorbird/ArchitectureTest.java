package org.doctorbird;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The core's boundaries: what it may touch, and which of its packages may know which.
final class ArchitectureTest {

    private static final JavaClasses CORE =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .withImportOption(location -> !location.contains("/app/"))
                    .importPackages("org.doctorbird");

    @Test
    void theCoreDoesNoInputOrOutput() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.sql..",
                        "javax.sql..",
                        "java.net..",
                        "java.nio.file..",
                        "java.nio.channels..",
                        "java.util.logging..",
                        "org.slf4j..")
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching("java\\.io\\.(File|RandomAccess).*")
                .because("the same engine must run in a simulation")
                .check(CORE);
    }

    @Test
    void theCoreHasNoDependencyButTheJdk() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("org.doctorbird..", "java..", "javax..", "org.jspecify..")
                .check(CORE);
    }

    @Test
    void theCoreIsHandedTheTime() {
        noClasses()
                .should()
                .callMethodWhere(
                        target(owner(resideInAPackage("java.time..")))
                                .and(target(nameMatching("now"))))
                .orShould()
                .callMethodWhere(
                        target(are(owner(resideInAPackage("java.time.."))))
                                .and(target(nameMatching("system.*|tick.*"))))
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Thread.class, "sleep", long.class)
                .because("time comes from " + InstantSource.class + ", never from " + Clock.class)
                .check(CORE);
    }

    @Test
    void theCoreIsHandedItsChance() {
        noClasses()
                .should()
                .callMethod(UUID.class, "randomUUID")
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .callMethod(ThreadLocalRandom.class, "current")
                .orShould()
                .callMethod(RandomGenerator.class, "getDefault")
                .orShould()
                .callMethod(RandomGenerator.class, "of", String.class)
                .orShould()
                .callConstructor(Random.class)
                .orShould()
                .callConstructor(SplittableRandom.class)
                .orShould()
                .callConstructor(SecureRandom.class)
                .because("a simulation must be repeatable from its seed")
                .check(CORE);
    }

    @Test
    void theCorePrintsNothing() {
        noClasses()
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethod(Throwable.class, "printStackTrace")
                .check(CORE);
    }

    /// Each package with all the packages it may know besides itself and the root package.
    @ParameterizedTest(name = "{0} knows only: {1}")
    @CsvSource({
        "record, ''",
        "plan, record",
        "conflict, record plan",
        "interest, record plan",
        "comparison, record plan",
        "exchange, record plan conflict interest comparison",
        "codec, record plan exchange comparison",
    })
    void arrowsPointOneWay(String name, String known) {
        String[] others =
                CORE.stream()
                        .map(type -> type.getPackageName())
                        .filter(found -> found.startsWith("org.doctorbird."))
                        .map(found -> found.substring("org.doctorbird.".length()).split("\\.")[0])
                        .filter(found -> !found.equals(name))
                        .filter(found -> !(" " + known + " ").contains(" " + found + " "))
                        .distinct()
                        .map(found -> "org.doctorbird." + found + "..")
                        .toArray(String[]::new);
        noClasses()
                .that()
                .resideInAPackage("org.doctorbird." + name + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others)
                .allowEmptyShould(true)
                .check(CORE);
    }

    @Test
    void theRootPackageKnowsNoOther() {
        noClasses()
                .that()
                .resideInAPackage("org.doctorbird")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.doctorbird.*..")
                .check(CORE);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("org.doctorbird.(*)..").should().beFreeOfCycles().check(CORE);
    }
}
