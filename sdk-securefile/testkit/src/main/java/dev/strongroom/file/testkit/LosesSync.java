// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

/** A file that wants to know when a sync was made to fail above it. */
interface LosesSync {

  /** The writes since the last sync are undecided from now on. */
  void syncFailed();
}
