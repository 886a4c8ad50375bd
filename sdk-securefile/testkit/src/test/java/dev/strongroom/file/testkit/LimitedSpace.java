// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import dev.strongroom.file.store.Store;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.function.LongSupplier;

/** Stores that say that they have as much space as a test wants. */
final class LimitedSpace {

  private LimitedSpace() {}

  /** A store that is another one but for its usable space, in bytes. */
  static Store of(Store store, LongSupplier usable) {
    return (Store)
        Proxy.newProxyInstance(
            Store.class.getClassLoader(),
            new Class<?>[] {Store.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("usableSpace")) {
                return usable.getAsLong();
              }
              try {
                return method.invoke(store, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
