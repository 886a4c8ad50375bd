// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Dependencies point one way: a transport to the core, the core to nothing of ours. */
class DependencyRulesTest {

  private static JavaClasses classesBeside(Class<?> one) {
    return new ClassFileImporter()
        .withImportOptions(List.of(new ImportOption.DoNotIncludeTests()))
        .importUrl(one.getProtectionDomain().getCodeSource().getLocation());
  }

  @Test
  void theCoreDependsOnThePlatformAndTheLoggingInterfaceOnly() {
    classes()
        .that()
        .resideOutsideOfPackages("dev.strongroom.core.channel", "dev.strongroom.core.crypto")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..", "javax..", "org.slf4j", "org.jspecify..", "dev.strongroom.core..")
        .check(classesBeside(dev.strongroom.core.Bytes.class));
  }

  @Test
  void onlyTheSecureChannelAndTheCurveKnowBouncyCastle() {
    classes()
        .that()
        .resideInAnyPackage("dev.strongroom.core.channel", "dev.strongroom.core.crypto")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..",
            "javax..",
            "org.bouncycastle..",
            "org.jspecify..",
            "dev.strongroom.core",
            "dev.strongroom.core.apdu",
            "dev.strongroom.core.channel",
            "dev.strongroom.core.crypto",
            "dev.strongroom.core.transport")
        .check(classesBeside(dev.strongroom.core.Bytes.class));
  }

  @Test
  void theSimulatorDependsOnTheCoreAndBouncyCastleOnly() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..",
            "javax..",
            "org.bouncycastle..",
            "org.jspecify..",
            "dev.strongroom.core..",
            "dev.strongroom.simulator..")
        .check(classesBeside(SimulatedElement.class));
  }

  @Test
  void valuesKnowNeitherDevicesNorTransports() {
    JavaClasses core = classesBeside(dev.strongroom.core.Bytes.class);
    noClasses()
        .that()
        .resideInAPackage("dev.strongroom.core.apdu")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.strongroom.core.device", "dev.strongroom.core.transport")
        .check(core);
  }
}
