// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.transport;

import org.jspecify.annotations.Nullable;

/**
 * The service of the operating system that serves readers does not run, or this process cannot
 * reach it any more.
 *
 * <p>Thread safety: immutable.
 */
public final class ServiceUnavailableException extends TransportException {

  private static final long serialVersionUID = 1L;

  private final String service;
  private final String remedy;

  /**
   * Reports a service.
   *
   * @param service its name
   * @param remedy what a person can do
   * @param cause the driver's error, or null
   */
  public ServiceUnavailableException(String service, String remedy, @Nullable Throwable cause) {
    super("the " + service + " cannot be reached; " + remedy, cause);
    this.service = service;
    this.remedy = remedy;
  }

  /**
   * Which service.
   *
   * @return its name
   */
  public String service() {
    return service;
  }

  /**
   * What a person can do.
   *
   * @return the advice, as it stands in the message
   */
  public String remedy() {
    return remedy;
  }
}
