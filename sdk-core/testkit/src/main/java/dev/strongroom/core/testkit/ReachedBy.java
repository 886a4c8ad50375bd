// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On a test that runs a contract: by which way it reaches its elements. Its results are written
 * down, see {@link ContractResults}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface ReachedBy {

  /**
   * The way, as a reader of the table of all ways knows it.
   *
   * @return such as {@code simulator, in process}
   */
  String value();
}
