// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.docs;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.strongroom.core.StrongroomException;
import java.nio.channels.ClosedChannelException;

/** The dependency rules of docs/architecture.md and the rules for names. */
@AnalyzeClasses(packages = "dev.strongroom", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {

  @ArchTest
  static final ArchRule coreKnowsNobodyAbove =
      noClasses()
          .that()
          .resideInAPackage("dev.strongroom.core..")
          .and()
          .resideOutsideOfPackage("dev.strongroom.core.testkit..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.strongroom.file..",
              "dev.strongroom.simulator..",
              "dev.strongroom.pcsc..",
              "dev.strongroom.vpcd..",
              "dev.strongroom.cli..");

  @ArchTest
  static final ArchRule theSimulatorKnowsCoreOnly = transportKnowsNone("simulator", "pcsc", "vpcd");

  @ArchTest
  static final ArchRule readersKnowCoreOnly = transportKnowsNone("pcsc", "simulator", "vpcd");

  @ArchTest
  static final ArchRule theVirtualCardKnowsCoreOnly =
      transportKnowsNone("vpcd", "simulator", "pcsc");

  @ArchTest
  static final ArchRule secureFilesKnowNoTransport =
      noClasses()
          .that()
          .resideInAPackage("dev.strongroom.file..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.strongroom.simulator..",
              "dev.strongroom.pcsc..",
              "dev.strongroom.vpcd..",
              "dev.strongroom.cli..");

  @ArchTest
  static final ArchRule theFormatKnowsNoEngine =
      noClasses()
          .that()
          .resideInAPackage("dev.strongroom.file.internal.format..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.strongroom.file.internal.engine..", "dev.strongroom.file.store..");

  @ArchTest
  static final ArchRule keysKnowNoFormat =
      noClasses()
          .that()
          .resideInAPackage("dev.strongroom.file.internal.crypto..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.strongroom.file.internal.engine..", "dev.strongroom.file.internal.format..");

  @ArchTest
  static final ArchRule secureFilesKnowNoDatabase =
      noClasses()
          .that()
          .resideInAPackage("dev.strongroom.file..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.strongroom.database..");

  @ArchTest
  static final ArchRule databasesUseThePublicFaceOfSecureFiles =
      noClasses()
          .that()
          .resideInAPackage("dev.strongroom.database..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.strongroom.file.internal..",
              "dev.strongroom.simulator..",
              "dev.strongroom.pcsc..",
              "dev.strongroom.vpcd..",
              "dev.strongroom.cli..");

  @ArchTest
  static final ArchRule theInsideOfDatabasesStaysInside =
      classes()
          .that()
          .resideInAPackage("dev.strongroom.database.internal..")
          .should()
          .onlyHaveDependentClassesThat()
          .resideInAPackage("dev.strongroom.database..");

  @ArchTest
  static final ArchRule foreignAccessKnowsNothingOfSqlite =
      noClasses()
          .that()
          .resideInAPackage("dev.strongroom.database.internal.ffi..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.strongroom.database.internal.vfs..",
              "dev.strongroom.database.internal.jdbc..",
              "dev.strongroom.file..",
              "org.sqlite..",
              "java.sql..");

  @ArchTest
  static final ArchRule theFileSystemOfSqliteKnowsNoStatements =
      noClasses()
          .that()
          .resideInAPackage("dev.strongroom.database.internal.vfs..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.strongroom.database.internal.jdbc..");

  @ArchTest
  static final ArchRule onlyForeignAccessKnowsJna =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.strongroom.database.internal.ffi..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("com.sun.jna..");

  @ArchTest
  static final ArchRule onlyDatabasesKnowTheDriver =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.strongroom.database..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.sqlite..");

  @ArchTest
  static final ArchRule nobodyBelowKnowsKeyManagement =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.strongroom.core..", "dev.strongroom.file..", "dev.strongroom.database..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.strongroom.sekey..");

  @ArchTest
  static final ArchRule keyManagementUsesPublicFaces =
      noClasses()
          .that()
          .resideInAPackage("dev.strongroom.sekey..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.strongroom.file.internal..",
              "dev.strongroom.database.internal..",
              "dev.strongroom.simulator..",
              "dev.strongroom.pcsc..",
              "dev.strongroom.vpcd..",
              "dev.strongroom.cli..");

  @ArchTest
  static final ArchRule decisionsKnowNoDatabase =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.strongroom.sekey.model..",
              "dev.strongroom.sekey.policy..",
              "dev.strongroom.sekey.selection..",
              "dev.strongroom.sekey.schedule..",
              "dev.strongroom.sekey.audit..",
              "dev.strongroom.sekey.envelope..",
              "dev.strongroom.sekey.metrics..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.strongroom.sekey.internal..",
              "dev.strongroom.database..",
              "dev.strongroom.file..",
              "java.sql..");

  @ArchTest
  static final ArchRule valuesKnowNoRules =
      noClasses()
          .that()
          .resideInAPackage("dev.strongroom.sekey.model..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.strongroom.sekey.policy..",
              "dev.strongroom.sekey.selection..",
              "dev.strongroom.sekey.schedule..",
              "dev.strongroom.sekey.audit..");

  @ArchTest
  static final ArchRule examplesUseThePublicFaceOnly =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.strongroom.cli..", "dev.strongroom.quickstart..", "dev.strongroom.notes..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.strongroom..internal..");

  @ArchTest
  static final ArchRule namesSayWhatAThingIs =
      noClasses()
          .should()
          .haveSimpleNameEndingWith("Impl")
          .orShould()
          .haveSimpleNameEndingWith("Manager")
          .orShould()
          .haveSimpleNameEndingWith("Helper")
          .orShould()
          .haveSimpleNameStartingWith("Abstract")
          .orShould()
          .resideInAnyPackage("..util..", "..common..");

  @ArchTest
  static final ArchRule exceptionsShareOneRoot =
      classes()
          .that()
          .areAssignableTo(Exception.class)
          .and()
          .arePublic()
          .and()
          .areTopLevelClasses()
          .and()
          .resideInAnyPackage(
              "dev.strongroom.core..",
              "dev.strongroom.file..",
              "dev.strongroom.database..",
              "dev.strongroom.sekey..")
          .and()
          .resideOutsideOfPackages("..internal..", "..testkit..")
          .should()
          .beAssignableTo(StrongroomException.class)
          // A channel that somebody else has closed has an exception of its own in java.nio.
          .orShould()
          .beAssignableTo(ClosedChannelException.class);

  @ArchTest
  static final ArchRule publicClassesAreFinalOrMeantToBeExtended =
      classes()
          .that()
          .arePublic()
          .and()
          .areTopLevelClasses()
          .and()
          .areNotInterfaces()
          .and()
          .areNotEnums()
          .and()
          .areNotAnnotations()
          .and()
          .resideInAnyPackage(
              "dev.strongroom.core..",
              "dev.strongroom.file..",
              "dev.strongroom.database..",
              "dev.strongroom.sekey..")
          .should()
          .haveModifier(JavaModifier.FINAL)
          .orShould()
          .haveModifier(JavaModifier.ABSTRACT);

  private static ArchRule transportKnowsNone(String transport, String other, String another) {
    return noClasses()
        .that()
        .resideInAPackage("dev.strongroom." + transport + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.strongroom.file..",
            "dev.strongroom." + other + "..",
            "dev.strongroom." + another + "..",
            "dev.strongroom.cli..");
  }
}
