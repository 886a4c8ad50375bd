// SPDX-License-Identifier: Apache-2.0

/** The strongroom command. */
@org.jspecify.annotations.NullMarked
@SuppressWarnings("requires-automatic") // ZXing has a fixed name, but no descriptor
module dev.strongroom.cli {
  requires static org.jspecify;
  requires static com.google.errorprone.annotations;
  requires com.google.zxing;
  requires dev.strongroom.database;
  requires dev.strongroom.file;
  requires dev.strongroom.sekey;
  requires dev.strongroom.vpcd;
  requires dev.strongroom.workloads;
  requires info.picocli;

  exports dev.strongroom.cli;

  opens dev.strongroom.cli to
      info.picocli;
}
