// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.transport;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The installed transports, by URI scheme.
 *
 * <p>Looks first through the calling thread's context class loader, then through the one that
 * loaded this class, on the class path and on the module path alike. A provider that cannot be
 * loaded is logged and passed over; of two for one scheme the first one counts.
 *
 * <p>Thread safety: thread-safe.
 */
public final class TransportProviders {

  private static final Logger LOG = LoggerFactory.getLogger(TransportProviders.class);

  private TransportProviders() {}

  /**
   * The provider of a scheme.
   *
   * @param scheme lower case, without the colon
   * @return the provider
   * @throws UnknownSchemeException if none is installed; it lists those that are
   */
  public static TransportProvider forScheme(String scheme) throws UnknownSchemeException {
    Map<String, TransportProvider> installed = installed();
    TransportProvider provider = installed.get(scheme);
    if (provider == null) {
      throw new UnknownSchemeException(scheme, List.copyOf(installed.keySet()));
    }
    return provider;
  }

  /**
   * The schemes that have a provider.
   *
   * @return the schemes, sorted
   */
  public static List<String> schemes() {
    return List.copyOf(installed().keySet());
  }

  private static Map<String, TransportProvider> installed() {
    List<ServiceLoader<TransportProvider>> loaders = new ArrayList<>();
    loaders.add(ServiceLoader.load(TransportProvider.class));
    loaders.add(
        ServiceLoader.load(TransportProvider.class, TransportProviders.class.getClassLoader()));
    Map<String, TransportProvider> found = new TreeMap<>();
    for (ServiceLoader<TransportProvider> loader : loaders) {
      Iterator<TransportProvider> providers = loader.iterator();
      while (true) {
        try {
          if (!providers.hasNext()) {
            break;
          }
          TransportProvider provider = providers.next();
          found.putIfAbsent(provider.scheme(), provider);
        } catch (ServiceConfigurationError e) {
          LOG.warn("a transport provider cannot be loaded and is passed over", e);
        }
      }
    }
    return found;
  }
}
