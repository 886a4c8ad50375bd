// SPDX-License-Identifier: Apache-2.0

/**
 * Secure files and volumes whose keys a secure element holds.
 *
 * @provides java.nio.file.spi.FileSystemProvider for the scheme {@code strongroom}
 */
@org.jspecify.annotations.NullMarked
module dev.strongroom.file {
  requires static transitive org.jspecify;
  requires static com.google.errorprone.annotations;
  requires transitive dev.strongroom.core;
  requires org.bouncycastle.provider;
  requires org.slf4j;

  exports dev.strongroom.file;
  exports dev.strongroom.file.check;
  exports dev.strongroom.file.share;
  exports dev.strongroom.file.store;

  provides java.nio.file.spi.FileSystemProvider with
      dev.strongroom.file.nio.SecureFileSystemProvider;
}
